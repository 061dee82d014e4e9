import os

import cohere

client = cohere.Client(api_key=os.environ["CLIENT_KEY"], base_url=os.environ["BASE_URL"])
reply = client.rerank(
    model="rerank-english-v3.0",
    query="What is the capital of the United States?",
    top_n=3,
    documents=["Carson City", "Saipan", "Washington, D.C.", "Capitalización", "☃"],
)
print(reply.model_dump_json())
