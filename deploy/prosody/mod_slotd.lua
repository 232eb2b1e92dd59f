-- HTTP File Upload (XEP-0363) with the upload slots of slotd.
--
--   Component "upload.example.org" "slotd"
--
-- slotd decides everything: the request is handed over as the client wrote it, missing and
-- malformed fields too, and slotd's answer is XML that is ready for the stanza. Nothing of it
-- reaches a client unless it is what XEP-0363 and RFC 6120 allow there.
--
-- Callbacks throughout: async.wait_for would hold back every later stanza of the same session.

local http = require "net.http";
local jid = require "util.jid";
local json = require "util.json";
local st = require "util.stanza";
local urlencode = require "util.http".urlencode;
local xml = require "util.xml";

local hosts = prosody.hosts;

local xmlns_upload = "urn:xmpp:http:upload:0";
local xmlns_purpose = "urn:xmpp:http:upload:purpose:0";
local xmlns_disco_info = "http://jabber.org/protocol/disco#info";
local xmlns_errors = "urn:ietf:params:xml:ns:xmpp-stanzas";

-- Seconds between two questions what the service is, once it is known and before.
local refresh_known, refresh_unknown = 60, 5;

local base_url = module:get_option_string("slotd_url", "http://127.0.0.1:5480"):gsub("/+$", "");
local token = module:get_option_string("slotd_token");
local access = module:get_option_set("slotd_access", {});
local timeout = module:get_option_number("slotd_timeout", 5);
local requests_max = module:get_option_number("slotd_max_requests", 100);

assert(base_url:match("^https?://[^/]"), "slotd_url must be like \"http://127.0.0.1:5480\"");
assert(not token or token:match("^[!-~]+$"), "slotd_token must be one line of slotd's tokens_file");

local requests_under_way = 0;

-- Questions to slotd

-- Asks slotd, and calls `answered` exactly once: with the parsed answer (nil when it is no XML) and
-- its status; or, when there is no answer within the timeout, with nil, 0 and the reason.
local function ask(target, body, answered)
	local headers = { ["Accept"] = "application/xml" };
	if body then headers["Content-Type"] = "application/json"; end
	if token then headers["Authorization"] = "Bearer " .. token; end

	local request, timer;
	local function finish(answer, status, reason)
		if not answered then return; end
		local callback = answered;
		answered = nil;
		timer:stop();
		requests_under_way = requests_under_way - 1;
		callback(answer, status, reason);
	end

	requests_under_way = requests_under_way + 1;
	timer = module:add_timer(timeout, function ()
		finish(nil, 0, "no answer in time");
		-- Otherwise the connection would live on for as long as slotd hangs; true: not into a pool.
		if request then http.destroy_request(request, true); end
	end);
	request = http.request(base_url .. target, { body = body, headers = headers }, function (answer, status)
		if status == 0 then
			finish(nil, 0, tostring(answer));
		else
			local ok, parsed = pcall(xml.parse, answer or "");
			finish(ok and parsed or nil, status);
		end
	end);
end

local function nonsense(status)
	if status == 401 then
		return "slotd wants a token (status 401): set slotd_token";
	end
	return ("status %d with an answer that is not slotd's: check slotd_url"):format(status);
end

-- Service discovery: mod_disco answers from these items, whether slotd answers now or not

local items, trouble = {}, nil;

local function advertise(new_items)
	for _, item in ipairs(items) do module:remove_item(item[1], item[2]); end
	items = new_items;
	for _, item in ipairs(items) do module:add_item(item[1], item[2]); end
end

local function read_service(query)
	local found = {};
	for _, element in ipairs(query.tags) do
		if element.name == "identity" then
			local attr = element.attr;
			table.insert(found, { "identity", { category = attr.category, type = attr.type, name = attr.name } });
		elseif element.name == "feature" and element.attr.var then
			table.insert(found, { "feature", element.attr.var });
		elseif element.name == "x" then
			table.insert(found, { "extension", element });
		end
	end
	return found;
end

local function refresh()
	ask("/service?host=" .. urlencode(module.host), nil, function (query, status, reason)
		local news;
		if query and status == 200 and query.name == "query" and query.attr.xmlns == xmlns_disco_info then
			advertise(read_service(query));
		elseif status == 0 then
			news = reason;
		elseif status == 404 then
			news = "slotd has no service for this host: add it to slotd's configuration";
		else
			news = nonsense(status);
		end
		-- A trouble is logged when it comes and when it goes, not with every question.
		if news and news ~= trouble then
			module:log("warn", "No news of the upload service: %s", news);
		elseif trouble and not news then
			module:log("info", "slotd answers again");
		end
		trouble = news;
		module:add_timer(news and refresh_unknown or refresh_known, refresh);
	end);
end

-- The request

-- A member for every field that is there: slotd refuses what is missing, of the wrong type or there
-- twice. A size that is no JSON integer goes as a string, and so does not get through.
local function slot_request(from, request)
	local members = {};
	local function add(name, value)
		if value then table.insert(members, json.encode(name) .. ":" .. value); end
	end
	local function add_text(name, text)
		add(name, text and json.encode(text));
	end
	add_text("jid", jid.bare(from));
	add_text("host", module.host);
	add_text("filename", request.attr.filename);
	local size = request.attr.size;
	add("size", size and (size:match("^[1-9]%d*$") or json.encode(size)));
	-- Clients that do not know the type say so with an empty one.
	local content_type = request.attr["content-type"];
	if content_type ~= "" then add_text("content_type", content_type); end
	for purpose in request:childtags(nil, xmlns_purpose) do
		add_text("purpose", purpose.name);
		add_text("expire_before", purpose.attr["expire-before"]);
	end
	return "{" .. table.concat(members, ",") .. "}";
end

-- The answer

-- RFC 3986 has no spaces, no control characters and nothing outside ASCII.
local function is_url(url)
	return url and url:match("^https?://[!-~]+$");
end

-- Clients differ in how they compare header names: only the spelling of XEP-0363 suits all.
local allowed_headers = { Authorization = true, Cookie = true, Expires = true };

local function checked_slot(slot)
	local put, get = slot:get_child("put"), slot:get_child("get");
	if not (slot.attr.xmlns == xmlns_upload and put and get) then
		return nil, "a slot without both URLs";
	end
	if not (is_url(put.attr.url) and is_url(get.attr.url)) then
		return nil, "a slot with a URL that XEP-0363 does not allow";
	end
	local checked = st.stanza("slot", { xmlns = xmlns_upload });
	checked:tag("put", { url = put.attr.url });
	for header in put:childtags("header") do
		local name, value = header.attr.name, header:get_text();
		if not (allowed_headers[name] and value:match("^[ -~]+$")) then
			return nil, "a slot with a header that XEP-0363 does not allow";
		end
		checked:text_tag("header", value, { name = name });
	end
	checked:up():tag("get", { url = get.attr.url }):up();
	return checked;
end

local function set(names)
	local found = {};
	for name in names:gmatch("%S+") do found[name] = true; end
	return found;
end

-- RFC 6120, sections 8.3.2 and 8.3.3
local error_types = set "auth cancel continue modify wait";
local error_conditions = set [[
	bad-request conflict feature-not-implemented forbidden gone internal-server-error item-not-found
	jid-malformed not-acceptable not-allowed not-authorized policy-violation recipient-unavailable
	redirect registration-required remote-server-not-found remote-server-timeout resource-constraint
	service-unavailable subscription-required undefined-condition unexpected-request
]];

-- slotd's <error/> as an error stanza; <file-too-large/> and <retry/> stay as slotd wrote them.
local function refusal(stanza, element)
	local condition;
	for child in element:childtags(nil, xmlns_errors) do
		if error_conditions[child.name] then condition = child.name; end
	end
	if not (condition and error_types[element.attr.type]) then return nil; end
	local reply = st.error_reply(stanza, element.attr.type, condition, element:get_child_text("text", xmlns_errors));
	for child in element:childtags(nil, xmlns_upload) do
		reply:add_child(child);
	end
	return reply;
end

-- The stanza that answers `stanza`, and what to tell the operator where slotd is at fault.
local function slot_reply(stanza, answer, status, reason)
	if status == 0 then
		local text = "The upload service does not answer; try again later";
		return st.error_reply(stanza, "wait", "remote-server-timeout", text), reason;
	end
	if answer and answer.name == "slot" then
		local slot;
		slot, reason = checked_slot(answer);
		if slot then return st.reply(stanza):add_child(slot); end
	elseif answer and answer.name == "error" then
		local reply = refusal(stanza, answer);
		if reply then return reply; end
	end
	local text = "The upload service is out of order";
	return st.error_reply(stanza, "cancel", "internal-server-error", text), reason or nonsense(status);
end

-- Stanzas

-- Everyone with an account here, unless slotd_access names who; slotd's own rules come after it.
local function may_upload(from)
	local bare, host = jid.bare(from), jid.host(from);
	return access:empty() and hosts[host] or access:contains(bare) or access:contains(host);
end

local function handle_request(event)
	local origin, stanza = event.origin, event.stanza;
	if not may_upload(stanza.attr.from) then
		origin.send(st.error_reply(stanza, "auth", "forbidden", "Access denied by service policy"));
	elseif requests_under_way >= requests_max then
		module:log("warn", "Refusing a slot: %d questions to slotd are under way", requests_under_way);
		local text = "Too many uploads are being prepared; try again in a moment";
		origin.send(st.error_reply(stanza, "wait", "resource-constraint", text));
	else
		ask("/slot", slot_request(stanza.attr.from, stanza.tags[1]), function (answer, status, reason)
			local reply, fault = slot_reply(stanza, answer, status, reason);
			if fault then module:log("error", "No slot: %s", fault); end
			-- Not origin.send: the session may be gone or resumed by now.
			module:send(reply);
		end);
	end
	return true;
end

module:depends("disco");
module:hook("iq-get/host/" .. xmlns_upload .. ":request", handle_request);
-- Until slotd has said more, this much is true.
advertise({
	{ "identity", { category = "store", type = "file", name = "HTTP File Upload" } },
	{ "feature", xmlns_upload },
});
refresh();
