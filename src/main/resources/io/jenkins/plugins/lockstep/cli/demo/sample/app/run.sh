#!/bin/sh
# The whole application: one page, made of the image's words and the environment's configuration.
set -e
busybox mkdir -p /tmp/www
busybox cat /app/page.txt /config/audience.txt >/tmp/www/index.html
exec busybox httpd -f -p 8080 -h /tmp/www
