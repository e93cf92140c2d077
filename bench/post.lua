-- One event of 200 bytes by POST; with an argument so many requests in one write.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"event":"page_view","user":"u-1029384756","session":"s-5647382910","url":'
  .. '"https://shop.example/p/12345?ref=mail","ts":1732448000123,"props":{"a":1,"b":"two","c":true},'
  .. '"pad":"xxxxxxxxxxxx"}'
local batch
function init(args)
  local count = tonumber(args[1] or "1")
  local one = wrk.format(nil)
  batch = string.rep(one, count)
end
function request() return batch end
