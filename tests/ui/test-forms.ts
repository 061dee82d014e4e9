import { emptyBody, emptyForm, type TestForm } from "../../src/ui/pages/test/form.ts";

/** A form with these parts, and nothing in the others. */
export function formOf(parts: Partial<TestForm>): TestForm {
  return { ...emptyForm(true), path: "/x", ...parts };
}

/** A form that posts this text. */
export function postOf(text: string, type: string | null = "text/plain"): TestForm {
  return formOf({
    method: "POST",
    headers: type === null ? [] : [{ name: "content-type", value: type }],
    body: { ...emptyBody, kind: "text", text },
  });
}
