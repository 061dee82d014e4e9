import { type FormEvent, useState } from "react";
import { useApi } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Field, TextInput } from "../../parts/field.tsx";
import type { RoutesReply } from "../../replies.ts";
import { type LogQuery, type TextFilter, textFilters, withFilters } from "./query.ts";

export interface MoreFiltersProps {
  readonly query: LogQuery;
  readonly onQuery: (next: LogQuery) => void;
}

const hints: Readonly<Partial<Record<TextFilter, string>>> = {
  error_code: "A status, or a code such as budget_exceeded.",
  provider: "openai, anthropic, …",
  request_id: "The reply's x-litellm-call-id.",
};

const fields = textFilters.filter(([name]) => name !== "search");

/** The filters that are needed less often, put in force together. */
export function MoreFilters({ query, onQuery }: MoreFiltersProps) {
  const [isOpen, setOpen] = useState(false);
  const [texts, setTexts] = useState(query.texts);
  const [status, setStatus] = useState(query.httpStatus ?? "");
  const isStatus = status.trim() === "" || statusList.test(status.replaceAll(" ", ""));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isStatus) return;
    const set = Object.entries(texts).flatMap(([name, value]) => {
      const trimmed = value.trim();
      return trimmed === "" ? [] : [[name, trimmed]];
    });
    const httpStatus = status.replaceAll(" ", "") || null;
    onQuery(withFilters(query, { texts: Object.fromEntries(set), httpStatus }));
  };
  return (
    <details className="logs-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>More filters</summary>
      {isOpen && (
        <form onSubmit={submit}>
          <div className="logs-more-fields">
            <Field
              label="Statuses"
              hint="404, or 429,5xx."
              error={isStatus ? undefined : "Statuses such as 404, 5xx or 429,5xx."}
            >
              <TextInput value={status} onChange={setStatus} />
            </Field>
            {fields.map(([name, label]) => (
              <Field key={name} label={label} hint={hints[name]}>
                <TextInput
                  value={texts[name] ?? ""}
                  maxLength={1000}
                  list={name === "route" ? "logs-routes" : undefined}
                  inputMode={/^(?:min|max)_/.test(name) ? "decimal" : undefined}
                  onChange={(value) => setTexts({ ...texts, [name]: value })}
                />
              </Field>
            ))}
          </div>
          <RouteNames />
          <Button type="submit" kind="primary">
            Apply
          </Button>
        </form>
      )}
    </details>
  );
}

const statusList = /^(?:[1-9]\d\d|[1-5]xx)(?:,(?:[1-9]\d\d|[1-5]xx))*$/i;

/** Proposed while one types. */
function RouteNames() {
  const { data } = useApi<RoutesReply>("/routes");
  return (
    <datalist id="logs-routes">
      {data?.routes.slice(0, 500).map(({ id }) => (
        <option key={id} value={id} />
      ))}
    </datalist>
  );
}
