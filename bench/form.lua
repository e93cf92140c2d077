-- One event as a form of seven pairs.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.body = "event=page_view&user=u-1029384756&session=s-5647382910&url=%2Fp%2F12345&ts=1732448000123"
  .. "&a=1&pad=xxxxxxxxxxxxxxxx"
