import { type Connection, openConnection } from "../connection.ts";
import { uploadBlockBytes } from "../payloads.ts";
import { cpuMicros, memory, resetPeak } from "../proc.ts";
import { afresh, type Bench, type Contender, type Profile } from "../profile.ts";
import { warmUp } from "./warm-up.ts";

const blocks = 300;
const boundary = "----bench-boundary-7d3f";
const partHead = `--${boundary}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nbench\r\n--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="big.bin"\r\ncontent-type: application/octet-stream\r\n\r\n`;
const partTail = `\r\n--${boundary}--\r\n`;

interface Shape {
  readonly name: string;
  readonly contentType: string;
  readonly head: string;
  readonly tail: string;
}

const shapes: readonly Shape[] = [
  { name: "raw", contentType: "application/octet-stream", head: "", tail: "" },
  {
    name: "multipart",
    contentType: `multipart/form-data; boundary=${boundary}`,
    head: partHead,
    tail: partTail,
  },
];

/** A large upload: does it flow, and do the very bytes arrive? A wrong hash is a fault, not a figure. */
export const upload: Profile = {
  name: "upload-300mb",
  about:
    "300 MB up, raw and multipart, in fresh processes; resident memory at its peak above before",
  bars: shapes.map(({ name }) => ({ figure: `${name}: RSS growth`, atMost: 24, of: "value" })),
  async run(bench) {
    for (const shape of shapes) {
      await afresh(bench, `upload-300mb ${shape.name}`, async (contender) => {
        await warmUp(contender);
        await measure(bench, contender, shape);
      });
    }
  },
};

async function measure(bench: Bench, contender: Contender, shape: Shape): Promise<void> {
  const { pid, name } = contender;
  const before = memory(pid).now;
  resetPeak(pid);
  const cpuBefore = cpuMicros(pid);
  const startedAt = performance.now();
  const connection = await openConnection(contender.port);
  const { answered, sent } = await send(connection, shape);
  connection.close();
  if (answered !== sent) throw new Error(`the upstream's hash differs: ${answered} is not ${sent}`);
  const seconds = (performance.now() - startedAt) / 1_000;
  bench.figures.add(name, `${shape.name}: RSS growth`, "MB", (memory(pid).peak - before) / 1e6);
  bench.figures.add(name, `${shape.name}: CPU`, "ms", (cpuMicros(pid) - cpuBefore) / 1_000);
  bench.figures.add(
    name,
    `${shape.name}: rate`,
    "MB/s",
    (blocks * uploadBlockBytes) / 1e6 / seconds,
  );
}

async function send(connection: Connection, shape: Shape) {
  const hash = new Bun.CryptoHasher("sha256");
  const length = blocks * uploadBlockBytes + shape.head.length + shape.tail.length;
  const head = `POST /pt/sink HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${shape.contentType}\r\ncontent-length: ${length}\r\n\r\n`;
  const reply = connection.exchange(Buffer.from(head), { keep: true });
  await part(Buffer.from(shape.head));
  const block = new Uint8Array(uploadBlockBytes).map((_, at) => (at * 31) ^ (at >> 8));
  for (let index = 0; index < blocks; index++) {
    new DataView(block.buffer).setUint32(0, index);
    await part(block);
  }
  await part(Buffer.from(shape.tail));
  const { status, body } = await reply;
  const answered = status === 200 ? `${JSON.parse(body).sha256}` : `${status} ${body}`;
  return { answered, sent: hash.digest("hex") };

  async function part(bytes: Uint8Array): Promise<void> {
    hash.update(bytes);
    await connection.send(bytes);
  }
}
