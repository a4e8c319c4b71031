-- What the gateway says when it says no: for people a page, for programs a problem (RFC 9457).
local refusals = {}

local texts = {
    ["log-in"] = { 401, "Please log in", "Open your container again from where you launched it: the link there lets you in." },
    ["no-container"] = { 404, "No such container", "None of yours that runs has this address. It may still be starting, or have ended: launch it, then open its new link." },
    ["other-port"] = { 403, "Not at this address", "This form of address leads to the agent's own port. Other ports have hosts of their own: {port}-{id}." },
    ["not-shared"] = { 403, "No longer shared", "The link has expired or was withdrawn. Ask whoever gave it to you for a new one." },
    ["link-over"] = { 403, "This link is used up", "It opens a container once, within a few minutes. Launch again, or ask for a new link." },
    ["origin"] = { 403, "Not from this page", "Pages of other sites may not use your session here." },
    ["no-host"] = { 404, "Nothing here", "This host name leads to no container. Open yours from where you launched it." },
    ["no-path"] = { 404, "Nothing here", "This address leads to no container. Open yours from where you launched it." },
    ["no-agent"] = { 502, "The container does not answer", "It may be starting or ending: try again in a moment, or launch it anew." },
    ["no-server"] = { 502, "Nothing listens on this port", "Start your program in the container, then load this page again." },
    ["unavailable"] = { 503, "Not just now", "Whether you may come in cannot be found out at the moment. Your container goes on: try again shortly." },
}

local page = [==[
${page}]==]

local function escaped(text)
    return (text:gsub('[&<>"]', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

for word, text in pairs(texts) do
    local status, title, detail = text[1], text[2], text[3]
    refusals[word] = {
        status = status,
        page = (page:gsub("@(%w+)@", { title = escaped(title), detail = escaped(detail), status = tostring(status) })),
        problem = string.format(
            '{"type":"about:blank","title":"%s","status":%d,"detail":"%s","error":"%s","reason":"%s"}\n',
            title, status, detail, detail, word),
    }
end

return refusals
