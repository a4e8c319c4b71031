-- Who may reach which address: asked of the bridge, remembered for less than a second, and counted.
local balancer = require "ngx.balancer"

local gateway = {}
local set_current_peer = balancer.set_current_peer
local now, find, match = ngx.now, string.find, string.match

local ASK_EARLY = 0.2 -- seconds before a decision ends that one request asks anew and the others go on
local SESSION = settings.session_cookie
local SESSION_PATTERN = "^" .. SESSION:gsub("%-", "%%-") .. " *=(.*)$"

-- name -> credential -> decision. A name is a host, or what stands for it in a path. Both tables change places every
-- second, so that what is not used any more is forgotten.
local known, before, turned = {}, {}, 0
-- All that decides about a request, as one text -> decision, where there is nothing else to look at. Reading a variable
-- costs as much as all the rest.
local plain, plain_before = {}, {}
-- container -> { requests = since the last report, open = sockets }
local counts = {}

-- --- refusals ---------------------------------------------------------------------------------------------------

local function share_with(origin)
    if origin and settings.origins[origin] then
        ngx.header["Access-Control-Allow-Origin"] = origin
        ngx.header["Vary"] = "Origin"
    end
end

--- Ends the request with one of the refusals.
function gateway.refuse(word)
    local refusal = refusals[word] or refusals["unavailable"]
    local accept = ngx.var.http_accept
    ngx.status = refusal.status
    ngx.header["Cache-Control"] = "no-store"
    share_with(ngx.var.http_origin)
    if refusal.status == 401 then
        ngx.header["WWW-Authenticate"] = 'Bearer realm="runtime-bridge"'
    elseif refusal.status >= 502 then
        ngx.header["Retry-After"] = "2"
    end
    if accept and find(accept, "text/html", 1, true) then
        ngx.header["Content-Type"] = "text/html; charset=utf-8"
        ngx.header["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *"
        ngx.print(refusal.page)
    else
        ngx.header["Content-Type"] = "application/problem+json"
        ngx.print(refusal.problem)
    end
    return ngx.exit(refusal.status)
end

--- Answers a browser that asks whether a page of another origin may call; true when it was one.
local function preflight(v)
    local origin = v.http_origin
    if v.request_method ~= "OPTIONS" or not origin or not v.http_access_control_request_method then
        return false
    end
    share_with(origin)
    if settings.origins[origin] then
        ngx.header["Access-Control-Allow-Methods"] = "GET, HEAD, POST, PUT, PATCH, DELETE"
        ngx.header["Access-Control-Allow-Headers"] = v.http_access_control_request_headers
        ngx.header["Access-Control-Max-Age"] = "600"
    end
    ngx.exit(204)
    return true
end

-- --- decisions --------------------------------------------------------------------------------------------------

local function remember(name, credential, decision)
    local time = now()
    if time >= turned then
        known, before, turned = {}, known, time + 1
        plain, plain_before = {}, plain
    end
    local by_credential = known[name]
    if not by_credential then
        by_credential = {}
        known[name] = by_credential
    end
    by_credential[credential] = decision
end

local function recall(name, credential)
    local by_credential = known[name]
    local decision = by_credential and by_credential[credential]
    if not decision then
        by_credential = before[name]
        decision = by_credential and by_credential[credential]
    end
    return decision
end

local function count_of(container)
    local count = counts[container]
    if not count then
        count = { requests = 0, open = 0 }
        counts[container] = count
    end
    return count
end

local function holds(decision)
    if not decision then
        return false
    end
    local left = decision.till - now()
    return left > 0 and (decision.asking or left > ASK_EARLY)
end

--- Sends text to the bridge by way of the inner server; its status and headers, or nil.
local function call(method, path, headers, text)
    local socket = ngx.socket.tcp()
    socket:settimeouts(500, 1000, 3000)
    if not socket:connect("unix:" .. settings.inner_socket) then
        return nil
    end
    socket:send(method .. " /" .. path .. " HTTP/1.1\r\nHost: bridge\r\n" .. headers
        .. "Content-Length: " .. #text .. "\r\n\r\n" .. text)
    local line = socket:receive("*l")
    local status = line and match(line, "^HTTP/1%.1 (%d%d%d)")
    local received = {}
    line = status and socket:receive("*l")
    while line and line ~= "" do
        local name, value = match(line, "^([^:]+): *(.-)%s*$")
        if name then
            received[name:lower()] = value
        end
        line = socket:receive("*l")
    end
    if not line then
        socket:close()
        return nil
    end
    if status == "204" or received["content-length"] == "0" then
        socket:setkeepalive(20000, 32)
    else
        socket:close()
    end
    return tonumber(status), received
end

--- A new decision, or nil and the word for why not.
local function ask(target, session, authorization)
    local asked = now()
    local headers = "Gateway-Target: " .. target .. "\r\n"
    if session then
        headers = headers .. "Gateway-Session: " .. session .. "\r\n"
    elseif authorization then
        headers = headers .. "Authorization: " .. authorization .. "\r\n"
    end
    local status, answer = call("GET", "decision", headers, "")
    if status ~= 204 then
        return nil, answer and answer["gateway-reason"] or "unavailable"
    end
    local ip, port = match(answer["gateway-peer"] or "", "^(.+):(%d+)$")
    local valid = tonumber(answer["gateway-valid-ms"])
    local container = answer["gateway-container"]
    if not ip or not valid or not container then
        return nil, "unavailable"
    end
    return {
        ip = ip,
        port = tonumber(port),
        till = asked + valid / 1000,
        asking = false,
        count = count_of(container),
        assertion = answer["gateway-assertion"] or "",
        forward = answer["gateway-forward"] ~= nil,
    }
end

local function decide(name, credential, target, session, authorization)
    local decision = recall(name, credential)
    if holds(decision) then
        return decision
    end
    if decision then
        decision.asking = true
    end
    local fresh, why = ask(target, session, authorization)
    if fresh then
        remember(name, credential, fresh)
        return fresh
    end
    if why == "unavailable" and decision and now() < decision.till then
        return decision
    end
    if decision then
        decision.till = 0
    end
    remember(name, credential, nil)
    if before[name] then
        before[name][credential] = nil
    end
    return nil, why
end

--- The session's text, and the cookies without whatever has its name; others may have names that end alike.
local function session_in(cookies)
    local session
    local rest = {}
    for cookie in cookies:gmatch("[^; ][^;]*") do
        local text = match(cookie, SESSION_PATTERN)
        if text then
            session = session or text
        else
            rest[#rest + 1] = cookie
        end
    end
    return session, table.concat(rest, "; ")
end

--- Whether a page of another origin had the browser fetch this as part of itself. For images and scripts browsers name no
--- origin, and to a cookie all hosts of a domain are one site.
local function is_part_of_another_page(v)
    local site = v.http_sec_fetch_site
    return site and site ~= "same-origin" and site ~= "none" and v.http_sec_fetch_mode ~= "navigate"
end

local function target_of(host)
    local port, id = match(host, "^([1-9]%d*)%-([a-z2-7]+)%.")
    if not port or #port > 5 or #id ~= 26 then
        return nil
    end
    return "host " .. id .. " " .. port
end

--- The decision about a container's host, or nil when the request was answered.
local function decision_by_host(v)
    local host, cookies, authorization = v.host, v.http_cookie, v.http_authorization
    local credential = authorization or ""
    local by_session = cookies and find(cookies, SESSION, 1, true)
    if by_session then
        credential = cookies .. "\n" .. credential
    end
    local decision = recall(host, credential)
    if not holds(decision) then
        if preflight(v) then
            return nil
        end
        local target = target_of(host)
        if not target then
            return gateway.refuse("no-host")
        end
        local session, rest
        if by_session then
            session, rest = session_in(cookies)
        end
        local why
        decision, why = decide(host, credential, target, session, not session and authorization or nil)
        if not decision then
            return gateway.refuse(why)
        end
        decision.cookies = session and rest
        decision.origin = settings.scheme .. "://" .. (v.http_host or host)
    end
    if decision.cookies then
        local origin = v.http_origin
        if origin then
            if origin ~= decision.origin and not settings.origins[origin] then
                return gateway.refuse("origin")
            end
        elseif is_part_of_another_page(v) then
            return gateway.refuse("origin")
        end
        v.cookie = decision.cookies
        v.authorization = authorization or ""
    end
    return decision
end

--- Whether a page that opens a socket may; programs that are no browsers name no origin.
local function may_open(v, decision)
    local origin = v.http_origin
    if not origin then
        return not decision.cookies
    end
    return origin == decision.origin or settings.origins[origin]
end

local function go_on(v, decision)
    decision.count.requests = decision.count.requests + 1
    local upgrade = v.http_upgrade and v.upgrade ~= ""
    if upgrade and not may_open(v, decision) then
        return gateway.refuse("origin")
    end
    if decision.forward then
        v.forward = decision.assertion
        return ngx.exec("@port")
    end
    v.assertion = decision.assertion
    if upgrade then
        return ngx.exec("@socket")
    end
    ngx.ctx.decision = decision
end

--- A request to {port}-{id}.{domain}.
function gateway.by_host()
    local v = ngx.var
    local whole = v.whole_request
    local decision = plain[whole] or plain_before[whole]
    if holds(decision) then
        decision.count.requests = decision.count.requests + 1
        v.assertion = decision.assertion
        ngx.ctx.decision = decision
        return
    end
    decision = decision_by_host(v)
    if decision then
        if not decision.cookies and not decision.forward and not v.http_upgrade then
            plain[whole] = decision
        end
        return go_on(v, decision)
    end
end

--- The same where the agent is to see a user's token.
function gateway.by_host_with_token()
    local v = ngx.var
    local decision = decision_by_host(v)
    if decision then
        if not decision.forward then
            v.authorization = v.http_authorization or ""
        end
        return go_on(v, decision)
    end
end

--- What a path asks for: target, the path at the agent and whether the agent authenticates by itself.
local function read_path(uri)
    local path = match(uri, "^([^?]*)")
    -- No agent has a path with any other character, and none that climbs.
    if find(path, "[^%w/_.~-]") or find(path, "..", 1, true) or find(path, "//", 1, true) then
        return nil
    end
    local ip, port, rest = match(path, "^/(%d+%.%d+%.%d+%.%d+)/([1-9]%d*)(/.*)$")
    if ip and #port <= 5 then
        if rest ~= "/socket.io/" and rest ~= "/run/start" then
            return nil
        end
        return "address " .. ip .. " " .. port, rest .. uri:sub(#path + 1), true
    end
    local id
    id, port, rest = match(path, "^/c/([a-z2-7]+)/([1-9]%d*)(/.*)$")
    if id and #port <= 5 and #id == 26 then
        return "path " .. id .. " " .. port, rest .. uri:sub(#path + 1), false
    end
end

local function decision_by_path(v)
    local target, path, open = read_path(v.request_uri)
    if not target then
        return gateway.refuse("no-path")
    end
    local authorization = v.http_authorization or ""
    if not open and preflight(v) then
        return nil
    end
    local decision, why = decide(target, open and "" or authorization, target, nil, not open and authorization or nil)
    if not decision then
        return gateway.refuse(why)
    end
    decision.origin = settings.scheme .. "://" .. (v.http_host or v.host)
    v.path = path
    if open or find(path, "^/run/start") then
        v.authorization = authorization
    end
    return decision
end

--- A request to /c/{id}/{port}/ or /{ip}/{port}/.
function gateway.by_path()
    local v = ngx.var
    local decision = decision_by_path(v)
    if decision then
        return go_on(v, decision)
    end
end

--- A link that begins a session.
function gateway.enter()
    local target = target_of(ngx.var.host)
    if not target then
        return gateway.refuse("no-host")
    end
    if ngx.var.request_method ~= "GET" then
        return gateway.refuse("no-path")
    end
    ngx.var.target = target
end

-- --- sending on, and counting -----------------------------------------------------------------------------------

function gateway.balance()
    local decision = ngx.ctx.decision
    set_current_peer(decision.ip, decision.port)
end

--- The request was let in and comes here by an internal redirect, which forgets its context.
function gateway.open_socket(by_path)
    local decision = (by_path and decision_by_path or decision_by_host)(ngx.var)
    if decision then
        decision.count.open = decision.count.open + 1
        ngx.ctx.decision = decision
        ngx.ctx.counted = decision.count
    end
end

function gateway.close_socket()
    local count = ngx.ctx.counted
    if count then
        count.open = count.open - 1
    end
end

--- The counts as text, one container a line; forgets those that do nothing.
local function take_counts()
    local lines, taken = {}, {}
    for container, count in pairs(counts) do
        if count.requests > 0 or count.open > 0 then
            lines[#lines + 1] = container .. " " .. count.requests .. " " .. count.open
            taken[container] = count.requests
            count.requests = 0
        else
            counts[container] = nil
        end
    end
    return table.concat(lines, "\n"), taken
end

local function report()
    local text, taken = take_counts()
    if text ~= "" and call("POST", "activity", "", text) ~= 204 then
        for container, requests in pairs(taken) do
            local count = count_of(container)
            count.requests = count.requests + requests
        end
    end
end

--- Tells the bridge now and then what each container was used for.
function gateway.report_regularly()
    ngx.timer.every(settings.report_every, report)
end

return gateway
