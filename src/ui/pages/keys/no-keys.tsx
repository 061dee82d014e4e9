import { rootPath } from "../../api.ts";
import { curlToChange } from "../../curl.ts";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { EmptyState } from "../../parts/empty.tsx";

/** What a key is, and the ways to make one. */
export function NoKeys({ onCreate }: { readonly onCreate: () => void }) {
  return (
    <EmptyState
      title="There is no valid key."
      text="A key lets an application call the routes of this gateway, and none of the providers' own keys leave it. Each key may have limits, a budget and an end of its own, and every call is written down under it. It can be blocked or revoked at any time, at once."
    >
      <Button kind="primary" onClick={onCreate}>
        Create a key
      </Button>
      <p>Or from a shell on this gateway's machine:</p>
      <CodeBlock
        text="tollgate keys create --alias web-app --max-budget 5 --budget-duration 30d --rpm 60"
        label="command that makes a key"
        wrap
      />
      <p>Or from anywhere, with the master key:</p>
      <CodeBlock text={curlToCreate()} label="curl command that makes a key" wrap />
    </EmptyState>
  );
}

function curlToCreate(): string {
  const body = { key_alias: "web-app", max_budget: 5, budget_duration: "30d", rpm_limit: 60 };
  return curlToChange(location.origin + rootPath, "/key/generate", body);
}
