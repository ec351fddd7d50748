#!/bin/bash
# readers.sh [serve]: six real feed readers subscribe to our feeds; their tables; exit 1 if one misses or garbles an entry.
# With "serve": five channels of the pretend county through `orebro serve`, and through nginx as deploy/nginx.conf sets it up.
. "$(dirname "$0")/bed.sh"
mode=${1:-readers}
case $mode in readers) bed readers wordpress nginx ;; serve) bed readers nginx ;; *) die "readers.sh [serve]" ;; esac
export WP_NAME=acceptance WP_PORT=${WP_PORT:-$(free_port)} NGINX_PORT=${NGINX_PORT:-$(free_port)} SERVE_PORT=${SERVE_PORT:-$(free_port)}
S=$BEDS_STATE/runs/$mode
stop() {
  end_run
  [ ! -s "$S/nginx.pid" ] || kill "$(cat "$S/nginx.pid")" || true
  [ "$mode" = serve ] || "$BEDS/wordpress/wp.sh" stop >/dev/null 9>&- || true
}
rm -rf "$S"; mkdir -p "$S/tmp" "$S/www"
if [ "$mode" = serve ]; then
  # the file that the documentation shows, at our ports and folders
  site="sed -e 's|listen 80|listen 127.0.0.1:$NGINX_PORT|; s|127.0.0.1:8480|127.0.0.1:$SERVE_PORT|; s|/srv/orebro|$S|'"
  server=$(eval "$site" deploy/nginx.conf)
else
  "$BEDS/wordpress/wp.sh" reset >/dev/null 9>&-
  for step in start seed; do "$BEDS/wordpress/wp.sh" "$step" >&2 9>&-; done
  # public/ as anybody would serve it: a plain nginx with Debian's types
  server="server { listen 127.0.0.1:$NGINX_PORT; root $S/www; }"
fi
cat >"$S/nginx.conf" <<N
$([ "$(id -u)" != 0 ] || echo "user $(id -un);")
pid $S/nginx.pid;
error_log $S/error.log warn;
events { worker_connections 64; }
http {
  include /etc/nginx/mime.types;
  client_body_temp_path $S/tmp/body; proxy_temp_path $S/tmp/proxy; fastcgi_temp_path $S/tmp/fcgi; uwsgi_temp_path $S/tmp/uwsgi; scgi_temp_path $S/tmp/scgi;
  log_format jsonl escape=json '{"u":"\$request_uri","s":\$status,"ua":"\$http_user_agent","c":"\$http_if_none_match\$http_if_modified_since"}';
  access_log $S/access.jsonl jsonl;
  $server
}
N
nginx -q -t -e "$S/error.log" -c "$S/nginx.conf" -p "$S" 9>&-
nginx -q -e "$S/error.log" -c "$S/nginx.conf" -p "$S" 9>&-
if [ "$mode" = serve ]; then run serving; else run readers; fi
