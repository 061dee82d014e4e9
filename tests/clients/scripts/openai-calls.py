import os
import time

import openai

client = openai.OpenAI(
    api_key=os.environ["CLIENT_KEY"], base_url=os.environ["BASE_URL"] + "/v1", max_retries=0
)
question = [{"role": "user", "content": "naïve ☃"}]

try:
    print(client.chat.completions.create(model="gpt-4o", messages=question).to_json())
except openai.AuthenticationError as error:
    print(error.status_code, error.code)
    raise SystemExit(0)

arrivals = []
for chunk in client.chat.completions.create(model="gpt-4o", messages=question, stream=True):
    arrivals.append(time.monotonic())
    print(chunk.to_json())
print("events come one by one:", arrivals[-1] - arrivals[0] > 0.1)

upload = client.files.create(file=("räport.jsonl", b'{"a":1}\r\n\x00\xff' * 20_000), purpose="batch")
print(upload.to_json())
