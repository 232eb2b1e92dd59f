%%% One HTTP/1.1 exchange on a connection of its own, by a deadline, with a bounded answer.
%%%
%%% Not inets' httpc: on a 503 with a small Retry-After it repeats the request for ever, it
%%% queues requests behind slow ones on a connection it keeps, and its answers have no bound.
%%% The caller owns the socket here: when the caller ends, for whatever reason, so does the call.

-module(mod_slotd_http).

-export([endpoint/1, request/6]).
-export_type([endpoint/0]).

%% Bytes of a line of the head, and of the body, of an answer. slotd's stay under 16 KiB.
-define(LINE_BYTES_MAX, 8192).
-define(BODY_BYTES_MAX, 65536).
-define(FIELDS_MAX, 64).

-type address() :: {local, binary()} | inet:ip_address() | string().
-opaque endpoint() :: #{address := address(),
                        port := inet:port_number(),
                        authority := binary(),
                        path := binary()}.
-type field() :: {binary(), iodata()}.

%% Reads `http://host[:port][/path]` or `unix:/path/of/the.socket`.
-spec endpoint(binary()) -> {ok, endpoint()} | error.
endpoint(<<"unix:", Path/binary>>) when Path /= <<>> ->
    {ok, #{address => {local, Path}, port => 0, authority => <<"localhost">>, path => <<>>}};
endpoint(URL) ->
    case uri_string:parse(URL) of
        #{scheme := <<"http">>, host := Host} = URI when Host /= <<>> ->
            Path = string:trim(maps:get(path, URI, <<>>), trailing, "/"),
            Port = maps:get(port, URI, 80),
            case not maps:is_key(userinfo, URI) andalso not maps:is_key(query, URI) of
                true when is_integer(Port), Port > 0, Port < 65536 ->
                    {ok, #{address => address(Host),
                           port => Port,
                           authority => authority(Host, Port),
                           path => Path}};
                _ ->
                    error
            end;
        _ ->
            error
    end.

-spec request(endpoint(), binary(), binary(), [field()], iodata(), timeout()) ->
          {ok, 100..999, binary()} | {error, binary()}.
request(#{address := Address, port := Port} = Endpoint, Method, Target, Fields, Body, Timeout) ->
    Deadline = erlang:monotonic_time(millisecond) + Timeout,
    case connect(families(Address), Address, Port, Deadline) of
        {ok, Socket} ->
            try
                Request = serialize(Endpoint, Method, Target, Fields, Body),
                exchange(Socket, Request, Deadline)
            after
                gen_tcp:close(Socket)
            end;
        {error, Reason} ->
            failure(<<"cannot connect">>, Reason)
    end.

%%% Connecting

%% uri_string has already taken the brackets off an IPv6 address.
address(Host) ->
    String = binary_to_list(Host),
    case inet:parse_address(String) of
        {ok, IP} -> IP;
        {error, einval} -> String
    end.

authority(Host, Port) ->
    Name = case binary:match(Host, <<":">>) of
               nomatch -> Host;
               _ -> <<"[", Host/binary, "]">>
           end,
    <<Name/binary, ":", (integer_to_binary(Port))/binary>>.

families({local, _}) -> [local];
families(IP) when tuple_size(IP) == 8 -> [inet6];
families(IP) when tuple_size(IP) == 4 -> [inet];
families(_Name) -> [inet, inet6].

connect([Family | Others], Address, Port, Deadline) ->
    Options = [Family, binary,
               {active, false},
               {packet, http_bin},
               {packet_size, ?LINE_BYTES_MAX},
               {send_timeout, remaining(Deadline)}],
    case gen_tcp:connect(Address, Port, Options, remaining(Deadline)) of
        {error, _} when Others /= [] -> connect(Others, Address, Port, Deadline);
        Result -> Result
    end.

%%% Exchanging

serialize(#{authority := Authority, path := Path}, Method, Target, Fields, Body) ->
    [Method, " ", Path, Target, " HTTP/1.1\r\n",
     "Host: ", Authority, "\r\n",
     "User-Agent: ejabberd mod_slotd\r\n",
     "Connection: close\r\n",
     "Content-Length: ", integer_to_binary(iolist_size(Body)), "\r\n",
     [[Name, ": ", Value, "\r\n"] || {Name, Value} <- Fields],
     "\r\n", Body].

exchange(Socket, Request, Deadline) ->
    case gen_tcp:send(Socket, Request) of
        ok -> receive_head(Socket, Deadline);
        {error, Reason} -> failure(<<"cannot send">>, Reason)
    end.

receive_head(Socket, Deadline) ->
    case gen_tcp:recv(Socket, 0, remaining(Deadline)) of
        {ok, {http_response, _Version, Status, _Reason}} ->
            receive_fields(Socket, Deadline, Status, none, ?FIELDS_MAX);
        {ok, _} ->
            failure(<<"no HTTP answer">>);
        {error, Reason} ->
            failure(<<"no answer">>, Reason)
    end.

receive_fields(_Socket, _Deadline, _Status, _Length, 0) ->
    failure(<<"too many header fields in the answer">>);
receive_fields(Socket, Deadline, Status, Length, Left) ->
    case gen_tcp:recv(Socket, 0, remaining(Deadline)) of
        {ok, {http_header, _, 'Content-Length', _, Value}} ->
            receive_fields(Socket, Deadline, Status, Value, Left - 1);
        {ok, {http_header, _, _, _, _}} ->
            receive_fields(Socket, Deadline, Status, Length, Left - 1);
        {ok, http_eoh} ->
            receive_body(Socket, Deadline, Status, body_length(Length));
        {ok, _} ->
            failure(<<"a broken header field in the answer">>);
        {error, Reason} ->
            failure(<<"half an answer">>, Reason)
    end.

receive_body(_Socket, _Deadline, Status, 0) ->
    {ok, Status, <<>>};
receive_body(Socket, Deadline, Status, Length) when is_integer(Length) ->
    _ = inet:setopts(Socket, [{packet, raw}]),
    case gen_tcp:recv(Socket, Length, remaining(Deadline)) of
        {ok, Body} -> {ok, Status, Body};
        {error, Reason} -> failure(<<"half an answer">>, Reason)
    end;
receive_body(_Socket, _Deadline, _Status, error) ->
    failure(<<"an answer without Content-Length, or too long">>).

%% slotd always says how long its answer is, so nothing here needs to read chunks.
body_length(none) ->
    error;
body_length(Value) ->
    case string:to_integer(Value) of
        {Length, <<>>} when Length >= 0, Length =< ?BODY_BYTES_MAX -> Length;
        _ -> error
    end.

%%% Helpers

remaining(Deadline) ->
    max(0, Deadline - erlang:monotonic_time(millisecond)).

failure(What) ->
    {error, What}.

failure(What, Reason) ->
    {error, iolist_to_binary([What, " (", reason(Reason), ")"])}.

reason(timeout) -> "timeout";
reason(Reason) when is_atom(Reason) -> inet:format_error(Reason);
reason(Reason) -> io_lib:format("~0p", [Reason]).
