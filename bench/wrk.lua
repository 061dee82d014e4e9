-- The request comes from the file named by BENCH_REQUEST (JSON is not read by wrk: one header a line, a blank line, the body),
-- the keys from that of BENCH_KEYS, one a line.
local file = assert(io.open(os.getenv("BENCH_REQUEST"), "rb"))
wrk.method = "POST"
for line in file:lines() do
  if line == "" then break end
  local name, value = line:match("^([^:]+): (.*)$")
  wrk.headers[name] = value
end
wrk.body = file:read("*a")
file:close()

local keys = {}
for key in io.lines(os.getenv("BENCH_KEYS")) do keys[#keys + 1] = key end
wrk.headers["authorization"] = "Bearer " .. keys[1]

if #keys > 1 then
  local at = 0
  function request()
    at = at % #keys + 1
    wrk.headers["authorization"] = "Bearer " .. keys[at]
    return wrk.format()
  end
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\nBENCH {"requests":%d,"seconds":%f,"errors":%d,"p50Ms":%f,"p99Ms":%f}\n',
    summary.requests, summary.duration / 1e6,
    e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
