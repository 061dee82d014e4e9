import { signIn } from "./gateways.ts";

/** What the page's first view asks the API for. */
const questions = ["/ui/session", "/config/pass_through_endpoint", "/routes/activity?days=30"];

/** Fetches the page as a browser without a cache does that then looks at every part of it; gives how many files it has. */
export async function fetchPage(port: number): Promise<number> {
  const html = await fetchText(port, "/ui");
  const found = new Set(namesIn(html));
  for (const name of found) {
    const text = await fetchText(port, `/ui/assets/${name}`);
    if (name.endsWith(".js")) for (const each of namesIn(text)) found.add(each);
  }
  return found.size;
}

/** Signs in, and asks what the routes' page asks. */
export async function openRoutes(port: number): Promise<void> {
  const cookie = await signIn(port);
  for (const path of questions) await fetchText(port, path, { cookie });
}

/** Files of the page that a file of it names: each has a digest in its name. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/["'/]([\w.-]+-[\w]{8}\.(?:js|css|svg))["']/g)].map(
    ([, name = ""]) => name,
  );
}

async function fetchText(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { "accept-encoding": "gzip, deflate, br, zstd", ...headers },
  });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}`);
  return reply.text();
}
