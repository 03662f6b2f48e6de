/** Files of the simulated web servers, and what `nginx -t` would find in the part that the demo touches. */

export function nginxConfiguration(workerConnections: number): string {
  return `user www-data;
worker_processes auto;
pid /run/nginx.pid;

events {
    worker_connections ${workerConnections};
}

http {
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 65;
    include /etc/nginx/mime.types;
    access_log /var/log/nginx/access.log;
    include /etc/nginx/sites-enabled/*;
}
`;
}

export function shopSite(addressEnd: number): string {
  return `server {
    listen 10.0.0.${addressEnd}:80;
    server_name shop.example;
    location / {
        proxy_pass http://127.0.0.1:3000;
    }
}
`;
}

export function accessLog(nowMs: number, isRefusing: boolean): string {
  const lines: string[] = [];
  for (let index = 0; index < 40; index += 1) {
    const time = new Date(nowMs - (40 - index) * 9_000).toISOString();
    const status = isRefusing && index % 3 === 0 ? 503 : 200;
    lines.push(
      `203.0.113.${(index * 7) % 250} - - [${time}] "GET /cart HTTP/1.1" ${status} ${status === 200 ? 5120 : 190}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The first complaint about a configuration, or null. */
export function checkNginx(text: string): string | null {
  let depth = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const code = line.replace(/#.*/, '').trim();
    depth += (code.match(/{/g)?.length ?? 0) - (code.match(/}/g)?.length ?? 0);
    if (depth < 0) return `unexpected "}" in /etc/nginx/nginx.conf:${index + 1}`;
    if (code !== '' && !/[;{}]$/.test(code))
      return `directive "${code.split(/\s/)[0]}" is not terminated by ";" in /etc/nginx/nginx.conf:${index + 1}`;
    if (/^worker_connections\s/.test(code) && !/^worker_connections\s+\d+;$/.test(code))
      return `invalid number in /etc/nginx/nginx.conf:${index + 1}`;
  }
  return depth === 0 ? null : 'unexpected end of file, expecting "}" in /etc/nginx/nginx.conf';
}
