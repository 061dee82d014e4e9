import { useMemo, useState } from "react";
import { Button } from "../parts/button.tsx";
import { CodeBlock } from "../parts/code-block.tsx";
import { bytes as bytesText, count } from "../format.ts";
import { firstHexBytes, hexDump, mostHexBytes } from "./hex.ts";

export interface HexViewProps {
  readonly bytes: Uint8Array;
  readonly label: string;
}

/** Bytes one by one: the first few, then more of them. One text, so that it can be searched and copied. */
export function HexView({ bytes, label }: HexViewProps) {
  const [most, setMost] = useState(firstHexBytes);
  const dump = useMemo(() => hexDump(bytes, most), [bytes, most]);
  const end = Math.min(bytes.length, mostHexBytes);
  return (
    <div className="body-long">
      <CodeBlock text={dump} label={label} />
      {most < end && (
        <Button onClick={() => setMost(mostHexBytes)}>Show {bytesText(end - most)} more</Button>
      )}
      {bytes.length > mostHexBytes && (
        <p className="muted">
          The first {count(mostHexBytes)} of {count(bytes.length)} bytes can be shown.
        </p>
      )}
    </div>
  );
}
