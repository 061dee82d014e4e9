import os

from langfuse import Langfuse
from langfuse.api import UnauthorizedError

langfuse = Langfuse(
    base_url=os.environ["BASE_URL"],
    public_key=os.environ["PUBLIC_KEY"],
    secret_key=os.environ["SECRET_KEY"],
)

try:
    print("auth_check", langfuse.auth_check())
except UnauthorizedError as error:
    print("auth_check", error.status_code)
    raise SystemExit(0)

with langfuse.start_as_current_observation(name="question", input={"text": "naïve ☃"}) as span:
    with langfuse.start_as_current_observation(
        name="answer", as_type="generation", model="command-r"
    ) as generation:
        generation.update(output="x" * 5_000, usage_details={"input": 3, "output": 7})
    span.score(name="useful", value=0.5)
langfuse.flush()

print(langfuse.get_prompt("folder/naïve prompt", label="latest & best").prompt)
langfuse.shutdown()
