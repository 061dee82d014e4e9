import { providerKeys, virtualKey } from "./row.ts";
import type { Upstreams } from "./exchange.ts";

/** The gateway of all rows: two routes with keys, one that wants a key, one without, one with a query key. */
export function gatewayConfig({ first, second }: Upstreams): string {
  return `
general_settings:
  master_key: ${virtualKey}
  pass_through_endpoints:
    - path: /pt
      target: ${first.url}/base
      include_subpath: true
      forward_headers: true
      auth: false
      headers: { x-api-key: ${providerKeys.pt} }
    - path: /pt2
      target: ${second.url}/other
      include_subpath: true
      forward_headers: true
      auth: false
      headers: { x-api-key: ${providerKeys.pt2} }
    - path: /guarded
      target: ${first.url}/base/guarded
      include_subpath: true
      forward_headers: true
      auth: true
      headers: { x-api-key: ${providerKeys.pt} }
    - path: /local
      target: ${first.url}/base/local
      include_subpath: true
      forward_headers: true
      headers: { x-api-key: ${providerKeys.pt} }
    - path: /open
      target: ${first.url}/base/open
      include_subpath: true
      forward_headers: true
      auth: false
    - path: /qk
      target: ${first.url}/base/qk?key=${providerKeys.qk}
      include_subpath: true
      forward_headers: true
      auth: false
`;
}

/** The same two routes in nginx, as far as it has such things; paths go up as they came. */
export function nginxConfig({ first, second }: Upstreams): string {
  const route = (path: string, { url, key }: { url: string; key: string }) => `
    location ^~ ${path}/ {
      proxy_pass ${url}$rest;
      proxy_set_header x-api-key ${key};
    }`;
  return `
map $request_uri $rest { default ""; "~^/pt2?(?<after>[/?].*)$" $after; }
server {
  listen 127.0.0.1:PORT;
  client_max_body_size 0;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $proxy_host;
  proxy_buffering off;
  proxy_request_buffering off;
  ${route("/pt", { url: `${first.url}/base`, key: providerKeys.pt })}
  ${route("/pt2", { url: `${second.url}/other`, key: providerKeys.pt2 })}
  location / { return 404; }
}`;
}
