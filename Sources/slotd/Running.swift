import ArgumentParser
import CLinux
import Glibc
import Logging
import Meters
import Reactor
import Settings

/// The service while it runs: its server, the configuration it works with, and what signals do to it.
final class Running {
  private let options: ConfigurationOptions
  private let shared: Shared
  private var state: Published<Snapshot> { shared.state }
  private let server: Server
  private let log: Logger

  /// Starts serving; prints what is in the way and ends, if something is.
  init(
    _ snapshot: Snapshot, _ options: ConfigurationOptions, _ registry: Registry
  ) throws(ExitCode) {
    self.options = options
    // Before any thread is there, so that all of them have the signals blocked and one can wait for them.
    slotd_block_signals()
    _ = slotd_raise_open_files()
    let configuration = snapshot.configuration
    do throws(SystemError) {
      let shared = try Shared(snapshot, registry)
      self.shared = shared
      log = Log.logger(shared.log)
      server = try Server(
        workers: configuration.workers.number, connectionsMax: configuration.connectionsMax,
        timeouts: Timeouts(configuration)
      ) { clock in [SlotService(shared, clock)] }
    } catch {
      throw Exit.complaining("slotd cannot start its threads: \(error).")
    }
    for address in configuration.listen {
      do throws(SystemError) {
        let bound = try server.listen(address, service: 0)
        log.notice("listening on \(bound)")
      } catch {
        shared.log.flush()
        throw Exit.complaining("slotd cannot listen on \(address): \(error.text).")
      }
    }
    log.notice("ready", metadata: ["version": "\(Program.version)"])
  }

  /// Serves until a signal ends it; the code to exit with.
  func untilStopped() -> ExitCode {
    while true {
      switch slotd_next_signal() {
      case SIGHUP: reload()
      case SIGUSR1: shift(-1)
      case SIGUSR2: shift(1)
      case SIGTERM, SIGINT:
        let code = stop()
        shared.log.flush()
        return code
      default: continue
      }
    }
  }

  /// Has the log say more, or less, until the configuration is loaded anew.
  private func shift(_ steps: Int) {
    let level = shared.log.shift(steps)
    // Said as the gravest of events, so that it is seen whatever the level is.
    log.critical("log level changed", metadata: ["now": "\(level.rawValue)"])
  }

  private func reload() {
    let loaded = Configuration.load(file: options.path, environment: Terminal.environment)
    for note in loaded.notes { log.warning("\(note)") }
    do {
      let snapshot = try Snapshot(try loaded.result.get(), in: shared.registry)
      state.publish(snapshot)
      shared.log.adopt(snapshot.configuration)
      log.notice("configuration loaded anew")
    } catch {
      log.error("the configuration stays as it was: \(error)")
    }
  }

  private func stop() -> ExitCode {
    log.notice("stopping")
    let limit = Duration.seconds(state.current.configuration.shutdownTimeoutSeconds)
    if server.drain(within: limit) {
      log.notice("stopped")
    } else {
      log.warning("stopped; some requests were not answered within \(limit)")
    }
    return .success
  }
}

extension Workers {
  /// How many event loops these are on this machine.
  var number: Int {
    switch self {
    case .auto: Int(slotd_processors())
    case .count(let count): count
    }
  }
}

extension Timeouts {
  init(_ configuration: Configuration) {
    self.init()
    idle = .seconds(configuration.idleTimeoutSeconds)
    head = .seconds(configuration.headTimeoutSeconds)
    body = .seconds(configuration.bodyTimeoutSeconds)
    write = .seconds(configuration.writeTimeoutSeconds)
  }
}
