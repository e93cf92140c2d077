-- GET; with an argument so many requests in one write.
local batch
function init(args) batch = string.rep(wrk.format(nil), tonumber(args[1] or "1")) end
function request() return batch end
