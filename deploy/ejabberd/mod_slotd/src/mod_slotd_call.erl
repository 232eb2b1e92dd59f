%%% The two questions put to slotd, and what its answers are worth.
%%%
%%% slotd decides everything: the request is handed over as the client wrote it, missing and
%%% malformed fields too, and slotd's answer is XML that is ready for the stanza. Nothing of it
%%% reaches a client unless it is what XEP-0363 and RFC 6120 allow there.

-module(mod_slotd_call).

-export([slot/4, service/2]).
-export_type([slotd/0, trouble/0]).

-include("xmpp.hrl").

-define(NS_PURPOSE, <<"urn:xmpp:http:upload:purpose:0">>).

%% Where slotd is, its token (<<>>: none), and how long it may take, in milliseconds.
-type slotd() :: #{endpoint := mod_slotd_http:endpoint(),
                   token := binary(),
                   timeout := pos_integer()}.
%% `unreachable`: no answer. `nonsense`: an answer that is not slotd's.
-type trouble() :: {unreachable | nonsense, binary()}.

%% Asks for a slot: the `<slot/>`, the refusal, or what was wrong with slotd.
-spec slot(slotd(), jid:jid(), binary(), xmlel()) ->
          {ok, xmlel()} | {refused, xmlel()} | trouble().
slot(Slotd, From, Host, Request) ->
    JID = jid:encode(jid:remove_resource(From)),
    case call(Slotd, <<"POST">>, <<"/slot">>, slot_request(JID, Host, Request)) of
        {ok, _Status, #xmlel{name = <<"slot">>} = El} -> checked_slot(El);
        {ok, Status, #xmlel{name = <<"error">>} = El} -> checked_error(Status, El);
        {ok, Status, _} -> nonsense(Status);
        Trouble -> Trouble
    end.

%% Asks what the upload service `Host` is: the `<query/>` of service discovery.
-spec service(slotd(), binary()) -> {ok, disco_info()} | trouble().
service(Slotd, Host) ->
    Target = <<"/service?host=", (misc:url_encode(Host))/binary>>,
    case call(Slotd, <<"GET">>, Target, <<>>) of
        {ok, 200, #xmlel{} = El} ->
            try xmpp:decode(El) of
                #disco_info{} = Info -> {ok, Info};
                _ -> nonsense(200)
            catch
                _:{xmpp_codec, _} -> nonsense(200)
            end;
        {ok, 404, _} ->
            {nonsense, <<"slotd has no service for this host: add it to slotd's configuration">>};
        {ok, Status, _} ->
            nonsense(Status);
        Trouble ->
            Trouble
    end.

%%% The request

%% A member for every field that is there: slotd refuses what is missing, of the wrong type or
%% there twice. A size that is no JSON integer goes as a string, and so does not get through.
slot_request(JID, Host, #xmlel{children = Children} = Request) ->
    Purposes = [El || #xmlel{} = El <- Children, xmpp:get_ns(El) == ?NS_PURPOSE],
    Members = [{<<"jid">>, json_string(JID)}, {<<"host">>, json_string(Host)}]
        ++ attribute(<<"filename">>, <<"filename">>, Request)
        ++ [{<<"size">>, json_size(Size)} || {_, Size} <- attribute(<<"size">>, Request)]
        %% Clients that do not know the type say so with an empty one.
        ++ [Type || {_, Value} = Type <- attribute(<<"content-type">>, <<"content_type">>, Request),
                    Value /= json_string(<<>>)]
        ++ lists:append([[{<<"purpose">>, json_string(xmpp:get_name(El))}
                          | attribute(<<"expire-before">>, <<"expire_before">>, El)]
                         || El <- Purposes]),
    [${, lists:join($,, [[json_string(Name), $:, Value] || {Name, Value} <- Members]), $}].

attribute(Name, El) ->
    case fxml:get_tag_attr(Name, El) of
        {value, Value} -> [{Name, Value}];
        false -> []
    end.

attribute(Name, Member, El) ->
    [{Member, json_string(Value)} || {_, Value} <- attribute(Name, El)].

json_size(Size) ->
    case re:run(Size, "^[1-9][0-9]*\\z", [{capture, none}]) of
        match -> Size;
        nomatch -> json_string(Size)
    end.

%% Text from a stanza is UTF-8 already; ejabberd's JSON library changed with the releases.
json_string(Text) ->
    [$", << <<(json_byte(Byte))/binary>> || <<Byte>> <= Text >>, $"].

json_byte($") -> <<"\\\"">>;
json_byte($\\) -> <<"\\\\">>;
json_byte(Byte) when Byte < 32 -> iolist_to_binary(io_lib:format("\\u~4.16.0b", [Byte]));
json_byte(Byte) -> <<Byte>>.

call(#{endpoint := Endpoint, token := Token, timeout := Timeout}, Method, Target, Body) ->
    Fields = [{<<"Accept">>, <<"application/xml">>}]
        ++ [{<<"Content-Type">>, <<"application/json">>} || Body /= <<>>]
        ++ [{<<"Authorization">>, [<<"Bearer ">>, Token]} || Token /= <<>>],
    case mod_slotd_http:request(Endpoint, Method, Target, Fields, Body, Timeout) of
        {ok, Status, Answer} ->
            case fxml_stream:parse_element(Answer) of
                #xmlel{} = El -> {ok, Status, El};
                _ -> {ok, Status, not_xml}
            end;
        {error, Reason} ->
            {unreachable, Reason}
    end.

%%% The answer

checked_slot(Slot) ->
    case {xmpp:get_ns(Slot), fxml:get_subtag(Slot, <<"put">>), fxml:get_subtag(Slot, <<"get">>)} of
        {?NS_HTTP_UPLOAD_0, #xmlel{} = Put, #xmlel{} = Get} ->
            Headers = [El || #xmlel{name = <<"header">>} = El <- Put#xmlel.children],
            case is_url(url(Put)) andalso is_url(url(Get))
                andalso lists:all(fun is_header/1, Headers) of
                true ->
                    {ok, #xmlel{name = <<"slot">>,
                                attrs = [{<<"xmlns">>, ?NS_HTTP_UPLOAD_0}],
                                children = [element(<<"put">>, url(Put), Headers),
                                            element(<<"get">>, url(Get), [])]}};
                false ->
                    {nonsense, <<"a slot with a URL or a header that XEP-0363 does not allow">>}
            end;
        _ ->
            {nonsense, <<"a slot without both URLs">>}
    end.

element(Name, URL, Children) ->
    #xmlel{name = Name, attrs = [{<<"url">>, URL}], children = Children}.

url(El) ->
    fxml:get_tag_attr_s(<<"url">>, El).

%% RFC 3986 has no spaces, no control characters and nothing outside ASCII.
is_url(URL) ->
    matches(URL, "^https?://[!-~]+\\z").

%% Clients differ in how they compare header names: only the spelling of XEP-0363 suits all.
is_header(El) ->
    lists:member(fxml:get_tag_attr_s(<<"name">>, El),
                 [<<"Authorization">>, <<"Cookie">>, <<"Expires">>])
        andalso matches(fxml:get_tag_cdata(El), "^[ -~]+\\z").

matches(Text, Pattern) ->
    re:run(Text, Pattern, [{capture, none}]) == match.

%% Decoding proves that type, condition and text are those of RFC 6120; <file-too-large/> and
%% <retry/> go along as slotd wrote them.
checked_error(Status, #xmlel{children = Children} = El) ->
    try xmpp:decode(El, ?NS_CLIENT, [ignore_els]) of
        #stanza_error{reason = Reason} when Reason /= undefined ->
            {refused, #xmlel{name = <<"error">>,
                             attrs = [{<<"type">>, fxml:get_tag_attr_s(<<"type">>, El)}],
                             children = [Child || #xmlel{} = Child <- Children,
                                                  lists:member(xmpp:get_ns(Child),
                                                               [?NS_STANZAS, ?NS_HTTP_UPLOAD_0])]}};
        _ ->
            nonsense(Status)
    catch
        _:{xmpp_codec, _} -> nonsense(Status)
    end.

nonsense(401) ->
    {nonsense, <<"slotd wants a token (status 401): set the option 'token'">>};
nonsense(Status) ->
    {nonsense, <<"status ", (integer_to_binary(Status))/binary,
                 " with an answer that is not slotd's: check the option 'url'">>}.
