import { mkdirSync, writeFileSync } from "node:fs";
import { type Command, scratchPath } from "./processes.ts";

/** nginx as one process that relays at once, keeps upstream connections, and logs each request to a file. */
export function nginxCommand(nginx: string, upstreamPort: number, port: number): Command {
  const folder = scratchPath("nginx");
  mkdirSync(folder);
  writeFileSync(`${folder}/nginx.conf`, nginxConfig(folder, upstreamPort, port));
  return { name: "nginx", argv: [nginx, "-p", folder, "-c", `${folder}/nginx.conf`], port };
}

function nginxConfig(folder: string, upstreamPort: number, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 8192; }
http {
  access_log ${folder}/access.log;
${temporary.map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join("\n")}
  client_max_body_size 0;
  keepalive_requests 100000000;
  upstream mock {
    server 127.0.0.1:${upstreamPort};
    keepalive 256;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_read_timeout 1h;
    }
  }
}
`;
}
