#!/bin/bash
# wordpress.sh [MODULE]: by default reads a real WordPress of 300 posts by its REST API, its feed and its pages; a table of checks; exit 1 if one fails.
. "$(dirname "$0")/bed.sh"
bed wordpress nginx
export WP_NAME=acceptance WP_PORT=${WP_PORT:-$(free_port)} NGINX_NAME=acceptance-nginx NGINX_PORT=${NGINX_PORT:-$(free_port)}
stop() {
  end_run
  "$BEDS/wordpress/nginx.sh" stop >/dev/null 9>&- || true
  "$BEDS/wordpress/wp.sh" stop >/dev/null 9>&- || true
}
"$BEDS/wordpress/wp.sh" reset >/dev/null 9>&-
for step in start seed; do "$BEDS/wordpress/wp.sh" "$step" >&2 9>&-; done
"$BEDS/wordpress/nginx.sh" reset >/dev/null 9>&-
"$BEDS/wordpress/nginx.sh" start >&2 9>&-
run "${1:-wordpress}"
