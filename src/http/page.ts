import { Elysia } from "elysia";
import { GatewayError } from "../core/errors.ts";
import { parseTarget } from "../gateway/parse-target.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { pagePath } from "./admin-paths.ts";
import { pickCoding } from "./pick-coding.ts";
import { pageHtml, type PageParts } from "./page-html.ts";

/** One file of the page, whose name tells its content. */
export interface PageFile {
  readonly type: string;
  readonly plain: PageBody;
  /** By content coding, the best first; empty where coding does not pay. */
  readonly coded: ReadonlyMap<string, PageBody>;
}

export type PageBody = Blob | Uint8Array<ArrayBuffer>;

/** The page as it was built. */
export interface PageFiles extends PageParts {
  /** Null where there is no such file. */
  file(name: string): PageFile | null;
}

/**
 * The page for admins: its files below `/ui/assets`, and its document at every other path at and below `/ui`, which
 * the page itself tells apart. To everybody, as it holds nothing of this gateway's own. `open`: asked once for each
 * request, and not before the first. `rootPath`: `SERVER_ROOT_PATH`.
 */
export const page = (deps: AdminDeps, open: () => Promise<PageFiles>, rootPath: string) => {
  const base = rootPath + pagePath;
  const answer = async ({ request }: { readonly request: Request }) => {
    if (request.method !== "GET" && request.method !== "HEAD") throw notAllowed();
    const { path } = parseTarget(request.url);
    const files = await open();
    return path.startsWith(`${base}/assets/`)
      ? fileReply(request, files.file(path.slice(base.length + "/assets/".length)))
      : documentReply(request, pageHtml(files, base, rootPath));
  };
  const everybody = { openToAll: true, parse: "none" } as const;
  return new Elysia({ name: "page" })
    .use(adminAuth(deps))
    .all(base, answer, everybody)
    .all(`${base}/*`, answer, everybody);
};

/** Everything comes from here and runs from files; nobody frames the page, or learns where its reader goes. */
const safety = {
  "content-security-policy": [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Asked for again each time: it names the files of this version. */
function documentReply(request: Request, html: string): Response {
  const digest = new Bun.CryptoHasher("sha256").update(html).digest("base64url");
  const headers = { ...safety, "cache-control": "no-cache", etag: `"${digest.slice(0, 22)}"` };
  const known = (request.headers.get("if-none-match") ?? "").split(/,\s*/);
  if (known.some((tag) => tag === "*" || tag.replace(/^W\//, "") === headers.etag)) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(html, {
    headers: { ...headers, "content-type": "text/html; charset=utf-8" },
  });
}

/** Kept for good: another content has another name. */
function fileReply(request: Request, file: PageFile | null): Response {
  if (file === null) throw new GatewayError("route_not_found");
  const accepted = request.headers.get("accept-encoding") ?? "";
  const coding = pickCoding(accepted, [...file.coded.keys()]);
  return new Response((coding === null ? null : file.coded.get(coding)) ?? file.plain, {
    headers: {
      ...safety,
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": file.type,
      vary: "accept-encoding",
      ...(coding === null ? {} : { "content-encoding": coding }),
    },
  });
}

function notAllowed(): GatewayError {
  return new GatewayError("method_not_allowed", { headers: { allow: "GET, HEAD" } });
}
