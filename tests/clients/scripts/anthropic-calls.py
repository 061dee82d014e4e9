import os
import time

import anthropic

client = anthropic.Anthropic(
    api_key=os.environ["CLIENT_KEY"], base_url=os.environ["BASE_URL"], max_retries=0
)
question = {
    "model": "claude-test",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "naïve ☃"}],
}

try:
    print(client.messages.create(**question).to_json())
except anthropic.AuthenticationError as error:
    print(error.status_code)
    raise SystemExit(0)

arrivals = []
# Older releases send their key so; `api-key` stands for what a client must fill in.
older = {"x-api-key": os.environ["CLIENT_KEY"], "api-key": "anything"}
beta = {"anthropic-beta": "some-beta"}
with client.messages.stream(**question, extra_headers={**older, **beta}) as stream:
    for text in stream.text_stream:
        arrivals.append(time.monotonic())
        print(text)
    print(stream.get_final_message().usage.to_json())
print("events come one by one:", arrivals[-1] - arrivals[0] > 0.1)
