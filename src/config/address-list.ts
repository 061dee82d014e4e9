import { BlockList, isIP } from "node:net";
import { type Finding, fault } from "./findings.ts";

/** Addresses and CIDRs of a setting, ready to be asked; null where it is not set. */
export interface AddressList {
  readonly list: BlockList | null;
  readonly findings: readonly Finding[];
}

/** `key` is the setting's name in `general_settings`. */
export function addressList(entries: readonly string[] | undefined, key: string): AddressList {
  if (entries === undefined || entries.length === 0) return { list: null, findings: [] };
  const list = new BlockList();
  const findings: Finding[] = [];
  entries.forEach((entry, index) => {
    const [address = "", bits, ...rest] = entry.trim().split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const widest = family === "ipv6" ? 128 : 32;
    const prefix = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (isIP(address) === 0 || prefix < 0 || prefix > widest || rest.length > 0) {
      const path = ["general_settings", key, index];
      findings.push(fault(path, "this is not an address or CIDR", "Write 10.0.0.0/8, say."));
    } else list.addSubnet(address, prefix, family);
  });
  return { list, findings };
}
