%%% HTTP File Upload (XEP-0363) with the upload slots of slotd.
%%%
%%% One process for each virtual host. It never waits: every question to slotd runs in a
%%% short-lived process of its own, whose end, good or bad, answers exactly one stanza.

-module(mod_slotd).

-behaviour(gen_mod).
-behaviour(gen_server).

-export([start/2, stop/1, reload/3, depends/2, mod_options/1, mod_opt_type/1, mod_doc/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3]).

-include("logger.hrl").
-include("translate.hrl").
-include("xmpp.hrl").

%% Milliseconds between two questions what the service is, once it is known and before.
-define(REFRESH_KNOWN, 60000).
-define(REFRESH_UNKNOWN, 5000).

-record(state, {server_host :: binary(),
                hosts = [] :: [binary()],
                access = none :: acl:acl() | atom(),
                requests_max = 1 :: pos_integer(),
                slotd :: mod_slotd_call:slotd() | undefined,
                refresh :: reference() | undefined,
                calls = #{} :: #{reference() => call()},
                known = #{} :: #{binary() => known()}}).

-type state() :: #state{}.
%% What a process under way was asked for.
-type call() :: {slot, iq()} | {service, binary()}.
%% What slotd last said of a host, and what is wrong with slotd since (<<>>: nothing).
-type known() :: {disco_info(), binary()}.

%%% gen_mod

-spec start(binary(), gen_mod:opts()) -> {ok, pid()} | {error, any()}.
start(ServerHost, Opts) ->
    gen_mod:start_child(?MODULE, ServerHost, Opts).

-spec stop(binary()) -> ok | {error, any()}.
stop(ServerHost) ->
    gen_mod:stop_child(?MODULE, ServerHost).

-spec reload(binary(), gen_mod:opts(), gen_mod:opts()) -> ok.
reload(ServerHost, NewOpts, _OldOpts) ->
    gen_server:cast(gen_mod:get_module_proc(ServerHost, ?MODULE), {reload, NewOpts}).

-spec depends(binary(), gen_mod:opts()) -> [{module(), hard | soft}].
depends(_ServerHost, _Opts) ->
    [].

-spec mod_options(binary()) -> [{atom(), any()}].
mod_options(ServerHost) ->
    [{url, <<"http://127.0.0.1:5480">>},
     {token, <<>>},
     {hosts, [<<"upload.", ServerHost/binary>>]},
     {access, local},
     {timeout, timer:seconds(5)},
     {max_requests, 100}].

-spec mod_opt_type(atom()) -> econf:validator().
mod_opt_type(url) ->
    econf:and_then(
      econf:binary(),
      fun(URL) ->
              case mod_slotd_http:endpoint(URL) of
                  {ok, _} -> URL;
                  error ->
                      ?ERROR_MSG("Option 'url' of mod_slotd must be like "
                                 "http://127.0.0.1:5480 or unix:/run/slotd/slotd.sock", []),
                      econf:fail({bad_url, unsupported, URL})
              end
      end);
mod_opt_type(token) ->
    econf:binary("^[!-~]*$");
mod_opt_type(hosts) ->
    econf:hosts();
mod_opt_type(access) ->
    econf:acl();
mod_opt_type(timeout) ->
    econf:timeout(second);
mod_opt_type(max_requests) ->
    econf:pos_int().

mod_doc() ->
    #{desc => ?T("HTTP File Upload (XEP-0363) with presigned S3 upload slots from slotd. "
                 "It takes the place of mod_http_upload."),
      opts =>
          [{url, #{value => "http://Host:Port | unix:Path",
                   desc => ?T("Where slotd listens. The default is 'http://127.0.0.1:5480'.")}},
           {token, #{value => ?T("Token"),
                     desc => ?T("A line of slotd's tokens_file. None by default.")}},
           {hosts, #{value => ?T("[Host, ...]"),
                     desc => ?T("The JIDs of the upload service. The default is "
                                "'upload.@HOST@'.")}},
           {access, #{value => ?T("AccessName"),
                      desc => ?T("Who may ask for slots. slotd's own rules come after it. "
                                 "The default is 'local'.")}},
           {timeout, #{value => "timeout()",
                       desc => ?T("How long slotd may take for one answer. "
                                  "The default is 5 seconds.")}},
           {max_requests, #{value => ?T("Number"),
                            desc => ?T("Questions to slotd under way at once; stanzas past it "
                                       "are told to try again. The default is 100.")}}]}.

%%% gen_server

-spec init([any()]) -> {ok, state()}.
init([ServerHost, Opts]) ->
    %% So that terminate/2 runs, and answers what is still under way.
    process_flag(trap_exit, true),
    {ok, configure(Opts, #state{server_host = ServerHost})}.

-spec handle_call(any(), gen_server:from(), state()) -> {noreply, state()}.
handle_call(Request, _From, State) ->
    ?WARNING_MSG("Unexpected call: ~p", [Request]),
    {noreply, State}.

-spec handle_cast(any(), state()) -> {noreply, state()}.
handle_cast({reload, Opts}, State) ->
    {noreply, configure(Opts, State)};
handle_cast(Message, State) ->
    ?WARNING_MSG("Unexpected cast: ~p", [Message]),
    {noreply, State}.

-spec handle_info(any(), state()) -> {noreply, state()}.
handle_info({route, #iq{} = IQ}, State) ->
    {noreply, handle_iq(IQ, State)};
handle_info({route, #message{} = Message}, State) ->
    ejabberd_router:route_error(Message, xmpp:err_service_unavailable()),
    {noreply, State};
handle_info({'DOWN', Call, process, _Pid, Result}, #state{calls = Calls} = State) ->
    case maps:take(Call, Calls) of
        {{slot, IQ}, Others} ->
            answer_slot(IQ, Result),
            {noreply, State#state{calls = Others}};
        {{service, Host}, Others} ->
            {noreply, learn(Host, Result, State#state{calls = Others})};
        error ->
            {noreply, State}
    end;
handle_info(refresh, #state{hosts = Hosts} = State) ->
    {noreply, schedule_refresh(lists:foldl(fun ask_service/2, State, Hosts))};
handle_info(_Other, State) ->
    {noreply, State}.

-spec terminate(any(), state()) -> ok.
terminate(_Reason, #state{hosts = Hosts, calls = Calls}) ->
    lists:foreach(fun ejabberd_router:unregister_route/1, Hosts),
    lists:foreach(
      fun({slot, IQ}) -> ejabberd_router:route_error(IQ, xmpp:err_service_unavailable());
         ({service, _}) -> ok
      end, maps:values(Calls)).

-spec code_change(any(), state(), any()) -> {ok, state()}.
code_change(_OldVersion, State, _Extra) ->
    {ok, State}.

-spec configure(gen_mod:opts(), state()) -> state().
configure(Opts, #state{server_host = ServerHost, hosts = OldHosts} = State) ->
    {ok, Endpoint} = mod_slotd_http:endpoint(gen_mod:get_opt(url, Opts)),
    Hosts = [misc:expand_keyword(<<"@HOST@">>, Host, ServerHost)
             || Host <- gen_mod:get_opt(hosts, Opts)],
    lists:foreach(fun ejabberd_router:unregister_route/1, OldHosts -- Hosts),
    lists:foreach(fun(Host) -> ejabberd_router:register_route(Host, ServerHost) end,
                  Hosts -- OldHosts),
    self() ! refresh,
    State#state{hosts = Hosts,
                access = gen_mod:get_opt(access, Opts),
                requests_max = gen_mod:get_opt(max_requests, Opts),
                slotd = #{endpoint => Endpoint,
                          token => gen_mod:get_opt(token, Opts),
                          timeout => gen_mod:get_opt(timeout, Opts)}}.

%%% Stanzas

-spec handle_iq(iq(), state()) -> state().
handle_iq(#iq{type = Type}, State) when Type == result; Type == error ->
    State;
handle_iq(#iq{type = get, sub_els = [Payload]} = IQ, State) ->
    El = xmpp:encode(Payload),
    case {xmpp:get_name(El), xmpp:get_ns(El)} of
        {<<"request">>, ?NS_HTTP_UPLOAD_0} ->
            handle_slot_request(IQ, El, State);
        {<<"query">>, ?NS_DISCO_INFO} ->
            handle_disco_info(IQ, fxml:get_tag_attr_s(<<"node">>, El), State);
        {<<"query">>, ?NS_DISCO_ITEMS} ->
            ejabberd_router:route(xmpp:make_iq_result(IQ, #disco_items{})),
            State;
        _ ->
            handle_unknown(IQ, State)
    end;
handle_iq(IQ, State) ->
    handle_unknown(IQ, State).

handle_unknown(#iq{lang = Lang} = IQ, State) ->
    Text = ?T("No module is handling this query"),
    ejabberd_router:route_error(IQ, xmpp:err_service_unavailable(Text, Lang)),
    State.

-spec handle_slot_request(iq(), xmlel(), state()) -> state().
handle_slot_request(#iq{from = From, to = #jid{lserver = Host}, lang = Lang} = IQ, Request,
                    #state{server_host = ServerHost, access = Access, slotd = Slotd,
                           requests_max = Max, calls = Calls} = State) ->
    case acl:match_rule(ServerHost, Access, From) of
        allow when map_size(Calls) < Max ->
            call({slot, IQ},
                 fun() -> mod_slotd_call:slot(Slotd, From, Host, Request) end,
                 State);
        allow ->
            ?WARNING_MSG("Refusing a slot at ~ts: ~B questions to slotd are under way",
                         [Host, Max]),
            Text = ?T("Too many uploads are being prepared; try again in a moment"),
            ejabberd_router:route_error(IQ, xmpp:err_resource_constraint(Text, Lang)),
            State;
        deny ->
            Text = ?T("Access denied by service policy"),
            ejabberd_router:route_error(IQ, xmpp:err_forbidden(Text, Lang)),
            State
    end.

%% What slotd last said, whether it answers now or not; what ejabberd adds comes on top.
-spec handle_disco_info(iq(), binary(), state()) -> state().
handle_disco_info(#iq{to = #jid{lserver = Host}} = IQ, <<>>,
                  #state{server_host = ServerHost, known = Known} = State) ->
    {#disco_info{xdata = Forms} = Info, _} = maps:get(Host, Known, unknown()),
    Added = ejabberd_hooks:run_fold(disco_info, ServerHost, [],
                                    [ServerHost, ?MODULE, <<>>, <<>>]),
    ejabberd_router:route(xmpp:make_iq_result(IQ, Info#disco_info{xdata = Forms ++ Added})),
    State;
handle_disco_info(IQ, _Node, State) ->
    ejabberd_router:route_error(IQ, xmpp:err_item_not_found()),
    State.

%% Until slotd has said more, this much is true.
unknown() ->
    {#disco_info{identities = [#identity{category = <<"store">>,
                                         type = <<"file">>,
                                         name = <<"HTTP File Upload">>}],
                 features = [?NS_DISCO_INFO, ?NS_HTTP_UPLOAD_0]},
     <<>>}.

%%% Questions to slotd

%% Runs a question in a process of its own; its result is its exit reason.
-spec call(call(), fun(() -> any()), state()) -> state().
call(Call, Question, #state{calls = Calls} = State) ->
    {_Pid, Reference} = spawn_monitor(fun() -> exit({answer, Question()}) end),
    State#state{calls = Calls#{Reference => Call}}.

ask_service(Host, #state{slotd = Slotd, calls = Calls} = State) ->
    case lists:member({service, Host}, maps:values(Calls)) of
        true -> State;
        false -> call({service, Host}, fun() -> mod_slotd_call:service(Slotd, Host) end, State)
    end.

schedule_refresh(#state{hosts = Hosts, known = Known, refresh = Old} = State) ->
    _ = [erlang:cancel_timer(Old) || Old /= undefined],
    Delay = case [Host || Host <- Hosts, not is_known(Host, Known)] of
                [] -> ?REFRESH_KNOWN;
                _ -> ?REFRESH_UNKNOWN
            end,
    State#state{refresh = erlang:send_after(Delay, self(), refresh)}.

is_known(Host, Known) ->
    case Known of
        #{Host := {_, <<>>}} -> true;
        _ -> false
    end.

-spec answer_slot(iq(), any()) -> any().
answer_slot(IQ, {answer, {ok, Slot}}) ->
    ejabberd_router:route(xmpp:make_iq_result(IQ, Slot));
answer_slot(IQ, {answer, {refused, Error}}) ->
    ejabberd_router:route(xmpp:make_error(IQ, Error));
answer_slot(#iq{to = #jid{lserver = Host}, lang = Lang} = IQ, Result) ->
    {Trouble, Reason} = trouble(Result),
    ?ERROR_MSG("No slot at ~ts: ~ts", [Host, Reason]),
    Error = case Trouble of
                unreachable ->
                    Text = ?T("The upload service does not answer; try again later"),
                    xmpp:err_remote_server_timeout(Text, Lang);
                nonsense ->
                    Text = ?T("The upload service is out of order"),
                    Err = xmpp:err_internal_server_error(Text, Lang),
                    %% RFC 6120, section 8.3.3.6; ejabberd has the type of its predecessor.
                    Err#stanza_error{type = cancel}
            end,
    ejabberd_router:route_error(IQ, Error).

%% A trouble is logged when it comes and when it goes, not with every question.
-spec learn(binary(), any(), state()) -> state().
learn(Host, {answer, {ok, Info}}, #state{known = Known} = State) ->
    case maps:get(Host, Known, unknown()) of
        {_, <<>>} -> ok;
        _ -> ?INFO_MSG("slotd answers for ~ts again", [Host])
    end,
    State#state{known = Known#{Host => {Info, <<>>}}};
learn(Host, Result, #state{known = Known} = State) ->
    {_, Reason} = trouble(Result),
    case maps:get(Host, Known, unknown()) of
        {_, Reason} ->
            State;
        {Info, _} ->
            ?WARNING_MSG("No news of the upload service ~ts: ~ts", [Host, Reason]),
            State#state{known = Known#{Host => {Info, Reason}}}
    end.

trouble({answer, {Trouble, Reason}}) ->
    {Trouble, Reason};
trouble(Crash) ->
    {nonsense, iolist_to_binary(io_lib:format("a crash: ~0tP", [Crash, 20]))}.
