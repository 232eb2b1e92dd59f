-- What wrk sends. Arguments are name=value: body (sent by POST), accept, close (a new connection for each request),
-- depth (requests that are sent at once), domains (`@N@` becomes each number up to it in turn), think (milliseconds between an
-- answer and the next request, on average). At the end, one line of figures for load.py.
function init(arguments)
  local option = {}
  for _, argument in ipairs(arguments) do
    local name, value = argument:match("^(%w+)=(.*)$")
    option[name] = value
  end
  if option.body then
    wrk.method, wrk.body = "POST", option.body
    wrk.headers["Content-Type"] = "application/json"
  end
  wrk.headers["Accept"] = option.accept
  if option.close then wrk.headers["Connection"] = "close" end

  local path, requests, next = wrk.path, {}, 0
  for n = 1, tonumber(option.domains) do
    wrk.path = path:gsub("@N@", n)
    requests[n] = wrk.format():rep(tonumber(option.depth or 1))
  end
  -- A function costs wrk time, so there is one only where it is needed.
  if #requests > 1 or option.depth then
    function request()
      next = next % #requests + 1
      return requests[next]
    end
  end
  if option.think then
    -- Not all at once: that would be a burst each time, and no even load.
    local most = 2 * tonumber(option.think)
    function delay() return math.random(0, most) end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("figures %d %d %d %d %d %d\n", summary.requests, failed, summary.bytes, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
