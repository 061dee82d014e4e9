import { expect, test } from "bun:test";
import { GatewayError } from "../../src/core/errors.ts";
import { createFailedAttempts } from "../../src/http/failed-attempts.ts";

function attempts() {
  let now = 0;
  const table = createFailedAttempts(() => now);
  return {
    ...table,
    pass: (ms: number) => (now += ms),
    fail: (address: string, times: number) => {
      for (let count = 0; count < times; count++) table.failed(address);
    },
    /** Seconds to wait; 0 where nothing is in the way. */
    wait: (address: string) => {
      try {
        table.check(address);
        return 0;
      } catch (error) {
        return error instanceof GatewayError ? Number(error.headers["retry-after"]) : Number.NaN;
      }
    },
  };
}

test("the wait doubles from 1 s to 60 s", () => {
  const table = attempts();
  table.fail("192.0.2.1", 4);

  const waits = [table.wait("192.0.2.1")];
  for (let count = 0; count < 9; count++) {
    table.failed("192.0.2.1");
    waits.push(table.wait("192.0.2.1"));
    table.pass(60_000);
  }

  expect(waits).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test("a success clears, and so does a quarter of an hour", () => {
  const table = attempts();

  table.fail("192.0.2.1", 9);
  table.succeeded("192.0.2.1");
  const cleared = table.wait("192.0.2.1");
  table.fail("192.0.2.1", 9);
  table.pass(16 * 60_000);
  table.failed("192.0.2.1");

  expect([cleared, table.wait("192.0.2.1")]).toEqual([0, 0]);
});

test("an IPv6 network of 64 bits counts as one address, however it is written", () => {
  const table = attempts();

  table.fail("2001:db8::1", 3);
  table.fail("2001:0db8:0:0:ffff::9", 2);

  expect(table.wait("2001:db8:0:0:1:2:3:4")).toBe(1);
  expect(table.wait("2001:db8:0:1::1")).toBe(0);
  expect(table.wait("::1")).toBe(0);
});

test("IPv4 addresses that are written as IPv6 ones are not one network", () => {
  const table = attempts();

  table.fail("::ffff:192.0.2.1", 5);
  table.fail("::1", 5);

  expect(table.wait("::ffff:192.0.2.1")).toBe(1);
  expect(table.wait("::ffff:192.0.2.2")).toBe(0);
  expect(table.wait("::2")).toBe(0);
});

test("only so many addresses are kept, the youngest of them", () => {
  const table = attempts();
  table.fail("first", 6);
  for (let number = 0; number < 10_000; number++) table.failed(`address ${number}`);
  table.fail("address 9999", 5);

  expect([table.wait("first"), table.wait("address 9999")]).toEqual([0, 2]);
});
