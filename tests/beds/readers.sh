#!/bin/bash
# readers.sh: six real feed readers subscribe to our combined feeds; their tables; exit 1 if one misses or garbles an entry.
. "$(dirname "$0")/bed.sh"
bed readers wordpress nginx
export WP_NAME=acceptance WP_PORT=${WP_PORT:-$(free_port)} NGINX_PORT=${NGINX_PORT:-$(free_port)}
S=$BEDS_STATE/runs/readers
stop() {
  end_run
  [ ! -s "$S/nginx.pid" ] || kill "$(cat "$S/nginx.pid")" || true
  "$BEDS/wordpress/wp.sh" stop >/dev/null 9>&- || true
}
rm -rf "$S"; mkdir -p "$S/tmp" "$S/www"
"$BEDS/wordpress/wp.sh" reset >/dev/null 9>&-
for step in start seed; do "$BEDS/wordpress/wp.sh" "$step" >&2 9>&-; done
# public/ as anybody would serve it: a plain nginx with Debian's types
cat >"$S/nginx.conf" <<N
$([ "$(id -u)" != 0 ] || echo "user $(id -un);")
pid $S/nginx.pid;
error_log $S/error.log warn;
events { worker_connections 64; }
http {
  include /etc/nginx/mime.types;
  client_body_temp_path $S/tmp/body; proxy_temp_path $S/tmp/proxy; fastcgi_temp_path $S/tmp/fcgi; uwsgi_temp_path $S/tmp/uwsgi; scgi_temp_path $S/tmp/scgi;
  log_format jsonl escape=json '{"u":"\$request_uri","s":\$status,"ua":"\$http_user_agent"}';
  access_log $S/access.jsonl jsonl;
  server { listen 127.0.0.1:$NGINX_PORT; root $S/www; }
}
N
nginx -q -e "$S/error.log" -c "$S/nginx.conf" -p "$S" 9>&-
run readers
