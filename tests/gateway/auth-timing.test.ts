import { expect, test } from "bun:test";
import { KeySecret } from "../../src/core/key.ts";
import { route } from "../core/route.ts";
import { callOf, keysOf } from "../core/calls.ts";
import { authenticate } from "../../src/gateway/authenticate.ts";
import { masterKey } from "./wire.ts";

const samples = 20_000;

test.skipIf(process.env["TOLLGATE_LONG"] !== "1")(
  "how long a refusal takes does not tell how much of the master key was right",
  () => {
    const rules = { masterKey: new KeySecret(masterKey), keys: keysOf(), keyHeader: null };
    const to = route({ path: "/", auth: "key" });
    const nearly = `${masterKey.slice(0, -1)}!`;
    const far = `sk-${"!".repeat(masterKey.length - 3)}`;
    const calls = [nearly, far].map((key) => callOf({ headers: { "x-api-key": key } }));
    const took = (which: number): number => {
      const call = calls[which] ?? callOf();
      const startedAt = Bun.nanoseconds();
      for (let again = 0; again < 10; again++) {
        try {
          authenticate(call, to, rules);
        } catch {
          continue;
        }
        throw new Error("it was let in");
      }
      return Bun.nanoseconds() - startedAt;
    };

    for (let n = 0; n < samples; n++) took(n % 2);
    const right: number[] = [];
    const wrong: number[] = [];
    for (let n = 0; n < samples; n++) {
      if (Math.random() < 0.5) {
        right.push(took(0));
        wrong.push(took(1));
      } else {
        wrong.push(took(1));
        right.push(took(0));
      }
    }

    expect(Math.abs(welch(cropped(right), cropped(wrong)))).toBeLessThan(4.5);
  },
  120_000,
);

/** Without what the machine did meanwhile. */
function cropped(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b).slice(0, Math.floor(values.length * 0.9));
}

function welch(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [momentsOf(a), momentsOf(b)];
  return (x.mean - y.mean) / Math.sqrt(x.variance / a.length + y.variance / b.length);
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}
