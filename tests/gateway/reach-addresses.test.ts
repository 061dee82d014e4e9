import { describe, expect, test } from "bun:test";
import { compileReach, privateTarget } from "../../src/config/compile-reach.ts";
import { compileTarget } from "../../src/config/compile-target.ts";
import { isPublicAddress } from "../../src/core/public-address.ts";
import { noTargets, privateTargets } from "./reach-targets.ts";

const listener = { addresses: ["0.0.0.0"], port: 4000 };
const reachOf = (setTo: unknown) => compileReach(setTo, listener).reach;

/** What is said of a target when it is to be made, as far as its text tells. */
function faultsOf(text: string, setTo?: unknown): string[] {
  const compiled = compileTarget({ text, written: text }, ["target"], () => "http://127.0.0.1:9");
  if ("finding" in compiled) return [compiled.finding.message];
  return privateTarget(compiled.target, ["target"], reachOf(setTo)).map(({ message }) => message);
}

describe("an address that is not public", () => {
  test.each([
    ["0.0.0.0", "0.255.255.255"],
    ["10.0.0.0", "10.255.255.255"],
    ["100.64.0.0", "100.127.255.255"],
    ["127.0.0.0", "127.255.255.255"],
    ["169.254.0.0", "169.254.255.255"],
    ["172.16.0.0", "172.31.255.255"],
    ["192.0.0.0", "192.0.0.255"],
    ["192.0.2.0", "192.0.2.255"],
    ["192.168.0.0", "192.168.255.255"],
    ["198.18.0.0", "198.19.255.255"],
    ["198.51.100.0", "198.51.100.255"],
    ["203.0.113.0", "203.0.113.255"],
    ["224.0.0.0", "239.255.255.255"],
    ["240.0.0.0", "255.255.255.255"],
  ])("%s to %s: the ends of its range and what is mapped into them", (first, last) => {
    for (const address of [first, last]) {
      expect(isPublicAddress(address)).toBe(false);
      expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
      expect(isPublicAddress(`64:ff9b::${address}`)).toBe(false);
    }
  });

  test.each([
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:7f00:1",
    "::FFFF:7F00:1",
    "0:0:0:0:0:ffff:7f00:0001",
    "::ffff:0:8.8.8.8",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:0:808:808::1",
    "2001:1ff:ffff::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::",
    "fd00:ec2::254",
    "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "168.63.129.16",
  ])("%s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each([
    "",
    "8.8.8",
    "8.8.8.8.",
    "08.8.8.8",
    "0x8.8.8.8",
    "256.8.8.8",
    "8.8.8.8 ",
    "134744072",
    "[2606:4700::1111]",
    "2606::4700::1111",
    "2606:4700:0:0:0:0:0:0:1111",
    "2606:4700:12345::1",
    "8.8.8.8::",
    "example.com",
  ])("nor is what is no address: %p", (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });
});

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "192.0.1.0",
  "198.17.255.255",
  "198.20.0.0",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2001:4860:4860::8888",
  "2a00:1450:4001:82a::200e",
  "::ffff:8.8.8.8",
  "64:ff9b::808:808",
])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

describe("a target that is refused when it is to be made", () => {
  test.each(privateTargets)("%s: not public", (text) => {
    expect(faultsOf(text)).toEqual(["this address is not a public one"]);
  });

  test.each(noTargets)("%s: not a target", (text) => {
    expect(faultsOf(text)).toHaveLength(1);
  });

  test.each([0, 22, 25, 110, 143, 465, 587])("port %d: not one of HTTP", (port) => {
    const text = `http://api.example.com:${port}/`;

    expect(faultsOf(text)).toEqual([`port ${port} is not one of HTTP`]);
    expect(faultsOf(text, true)).toEqual([`port ${port} is not one of HTTP`]);
  });

  test.each([
    "https://api.example.com/v1",
    "http://api.example.com:8080",
    "https://1.1.1.1",
    "https://[2606:4700:4700::1111]/",
    "https://localhost.example.com",
    "https://notlocalhost",
    "https://bücher.example",
  ])("but not %s", (text) => {
    expect(faultsOf(text)).toEqual([]);
  });
});

describe("allow_private_targets", () => {
  test.each<[unknown, string]>([
    [true, "http://127.0.0.1"],
    [true, "http://localhost:11434"],
    [true, "http://169.254.169.254"],
    [["10.0.0.0/8"], "http://10.1.2.3"],
    [["10.1.2.3"], "http://10.1.2.3"],
    [["10.0.0.0/8"], "http://[::ffff:10.1.2.3]"],
    [["fd12::/16"], "http://[fd12::1]"],
    [["[fd12::1]"], "http://[fd12::1]"],
    [["127.0.0.0/8"], "http://localhost"],
    [["Localhost."], "http://LOCALHOST../"],
    [["vllm.internal", "127.0.0.1"], "http://127.0.0.1"],
  ])("%j lets %s be made", (setTo, text) => {
    expect(faultsOf(text, setTo)).toEqual([]);
  });

  test.each<[unknown, string]>([
    [false, "http://127.0.0.1"],
    [[], "http://127.0.0.1"],
    [["10.0.0.0/8"], "http://11.0.0.1@10.0.0.1"],
    [["10.0.0.0/8"], "http://192.168.0.1"],
    [["10.1.2.3"], "http://10.1.2.4"],
    [["localhost"], "http://127.0.0.1"],
    [["example"], "http://api.localhost"],
    [["fd12::/16"], "http://[fd13::1]"],
    [["10.0.0.0/8"], "http://[::10.1.2.3]"],
  ])("%j does not let %s be made", (setTo, text) => {
    expect(faultsOf(text, setTo)).toHaveLength(1);
  });

  test("a host in the list may be anywhere, another name at its address may not", () => {
    const reach = reachOf(["VLLM.internal."]);

    expect(reach.allows("vllm.internal", "10.0.0.9", 80)).toBe(true);
    expect(reach.allows("other.internal", "10.0.0.9", 80)).toBe(false);
    expect(reach.allows("sub.vllm.internal", "10.0.0.9", 80)).toBe(false);
    expect(reach.allows("other.internal", "1.1.1.1", 80)).toBe(true);
  });

  test.each([
    "127.0.0.1",
    "127.9.9.9",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0.0.0.0",
    "::",
  ])("never lets the gateway's own listener be reached: %s", (address) => {
    for (const reach of [reachOf(true), reachOf(["anything.example", "0.0.0.0/0", "::/0"])]) {
      expect(reach.allows("anything.example", address, 4000)).toBe(false);
      expect(reach.allows("anything.example", address, 4001)).toBe(true);
    }
  });

  test("a listener of one address is not reached by it, however it is wrapped", () => {
    const { reach } = compileReach(true, { addresses: ["203.0.113.7"], port: 4000 });

    expect(reach.allows("h", "203.0.113.7", 4000)).toBe(false);
    expect(reach.allows("h", "::ffff:203.0.113.7", 4000)).toBe(false);
    expect(reach.allows("h", "127.0.0.1", 4000)).toBe(true);
  });

  test.each([
    "10.0.0.0/33",
    "10.0.0.0/x",
    "10.0.0.0/8/8",
    "10.1",
    "0x7f.1",
    "2130706433",
    "①②⑦.0.0.1",
    "http://vllm.internal",
    "vllm.internal:8000",
    "vllm.internal/v1",
    "*.internal",
    "user@vllm.internal",
    "two names",
    "",
    ".",
    "fe80::1%eth0",
    10,
    null,
    { host: "a" },
  ])("an entry that is none is a fault: %j", (entry) => {
    const { findings } = compileReach(["10.0.0.1", entry], listener);

    expect(findings).toEqual([
      {
        severity: "fault",
        path: ["general_settings", "allow_private_targets", 1],
        message: "this is not a host, an address or a CIDR",
        remedy: "Write [10.0.0.0/8, 192.168.1.7, vllm.internal], say.",
      },
    ]);
  });

  test.each(["yes", "10.0.0.0/8", 1, { hosts: ["a"] }])("%j is a fault", (setTo) => {
    const { reach, findings } = compileReach(setTo, listener);

    expect(findings.map(({ message }) => message)).toEqual(["true, false or a list is meant"]);
    expect(reach.allows("a", "10.0.0.1", 80)).toBe(false);
  });

  test.each<[unknown, boolean]>([
    [true, true],
    [["169.254.0.0/16"], true],
    [["fd00::/8"], true],
    [["10.0.0.0/8", "vllm.internal"], false],
    [false, false],
    [undefined, false],
  ])("%j: a warning where it opens a cloud's metadata: %p", (setTo, isTold) => {
    const { findings } = compileReach(setTo, listener);

    expect(findings.map(({ kind }) => kind ?? "none")).toEqual(isTold ? ["unsafe"] : []);
  });
});

test("a port of another protocol is not connected to, whatever is allowed, stored before or not", () => {
  const reach = reachOf(true);

  for (const port of [0, 22, 25, 143]) {
    expect(reach.allows("mail.example.com", "8.8.8.8", port)).toBe(false);
    expect(reach.allows("10.0.0.1", "10.0.0.1", port)).toBe(false);
  }
  expect(reach.allows("mail.example.com", "8.8.8.8", 443)).toBe(true);
});
