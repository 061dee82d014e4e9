import { type Static, Type } from "@sinclair/typebox";
import { type Refusal, serveJson } from "./json-request.ts";
import { maybe } from "./text.ts";

const Url = Type.String({ minLength: 1 });
const Document = Type.Union([
  Type.Object({ type: Type.Literal("document_url"), document_url: Url }),
  Type.Object({
    type: Type.Literal("image_url"),
    image_url: Type.Union([Url, Type.Object({ url: Url })]),
  }),
  Type.Object({ type: Type.Literal("file"), file_id: Type.String({ minLength: 1 }) }),
]);
type Document = Static<typeof Document>;

const OcrRequest = Type.Object({
  model: Type.String(),
  document: Document,
  pages: maybe(Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, maxItems: 1000 })),
});
type OcrRequest = Static<typeof OcrRequest>;

/** Mistral's OCR. It opens no document: it says which one it was asked for, on the pages asked for or on one. */
export function answerOcr(request: Request): Promise<Response> {
  return serveJson(request, { schema: OcrRequest, refuse, answer });
}

function answer({ model, document, pages }: OcrRequest): Response {
  const source = sourceOf(document);
  const inline = inlineOf(source);
  const name = inline === null ? source : `an inline ${inline.type}`;
  const indexes = pages ?? [0];
  return Response.json({
    pages: indexes.map((index) => ({
      index,
      markdown: `# Page ${index + 1}\n\nThe sample upstream was asked to read ${name}.`,
      images: [],
      tables: [],
      hyperlinks: [],
      header: null,
      footer: null,
      dimensions: { dpi: 200, height: 2200, width: 1700 },
    })),
    model,
    document_annotation: null,
    usage_info: {
      pages_processed: indexes.length,
      doc_size_bytes: inline?.bytes ?? null,
    },
  });
}

function sourceOf(document: Document): string {
  if (document.type === "document_url") return document.document_url;
  if (document.type === "file") return `file ${document.file_id}`;
  const { image_url } = document;
  return typeof image_url === "string" ? image_url : image_url.url;
}

/** The media type and decoded size of a `data:` URL; null for any other. */
function inlineOf(source: string) {
  const comma = source.indexOf(",");
  if (!source.startsWith("data:") || comma === -1) return null;
  const [type = "", ...parameters] = source.slice("data:".length, comma).split(";");
  const encoding = parameters.includes("base64") ? "base64" : "utf8";
  return {
    type: type === "" ? "text/plain" : type,
    bytes: Buffer.byteLength(source.slice(comma + 1), encoding),
  };
}

function refuse({ status, message, param }: Refusal): Response {
  return Response.json(
    {
      object: "error",
      message,
      type: "invalid_request_error",
      param,
      code: null,
      raw_status_code: status,
    },
    { status },
  );
}
