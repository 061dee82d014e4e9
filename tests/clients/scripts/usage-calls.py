import json
import os

import anthropic
import openai

key, base = os.environ["CLIENT_KEY"], os.environ["BASE_URL"]
question = [{"role": "user", "content": "naïve ☃"}]


def openai_stream(route, **more):
    client = openai.OpenAI(api_key=key, base_url=f"{base}/{route}/v1", max_retries=0)
    chunks = list(
        client.chat.completions.create(model="gpt-4o", messages=question, stream=True, **more)
    )
    return {
        "texts": [choice.delta.content for chunk in chunks for choice in chunk.choices],
        "usages": [chunk.usage.to_dict() for chunk in chunks if chunk.usage],
        "without_choices": sum(not chunk.choices for chunk in chunks),
    }


def anthropic_stream(route):
    client = anthropic.Anthropic(api_key=key, base_url=f"{base}/{route}", max_retries=0)
    model = "claude-haiku-4-5"
    with client.messages.stream(model=model, max_tokens=64, messages=question) as stream:
        deltas = [event.usage.to_dict() for event in stream if event.type == "message_delta"]
        final = stream.get_final_message()
    return {"texts": [block.text for block in final.content], "usages": deltas}


seen = {
    "costed": openai_stream("costed", stream_options={"include_usage": True}),
    "asking": openai_stream("asking"),
    "anthropic": anthropic_stream("anthropic"),
}
print(json.dumps(seen))
