import ArgumentParser
import CLinux
import Glibc
import Reactor
import Settings

/// `slotd reload`: has a running slotd load its configuration anew, once that is known to be good.
struct Reload: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Have a running slotd load its configuration anew.",
    discussion: """
      The configuration is looked at first: with a mistake in it nothing is sent, and slotd ends with 78. Which process \
      is meant says --pid, or the file that the setting pid_file names.
      """)

  @OptionGroup var options: ConfigurationOptions
  @Option(help: "The process to tell.") var pid: Int32?

  func run() throws {
    let configuration = try options.snapshot(credentials: .ignored).configuration
    let process = try pid ?? Self.read(configuration.pidFile)
    // 0 and negative numbers mean groups of processes.
    guard process > 0 else { throw Exit.complaining("\(process) is no process: look again.") }
    let result = slotd_hang_up(process)
    guard result == 0 else {
      let text = SystemError("kill", result).text
      throw Exit.complaining("Process \(process) cannot be told: \(text).")
    }
  }

  private static func read(_ path: String?) throws(ExitCode) -> Int32 {
    guard let path else {
      throw Exit.complaining("Nothing says which process to tell: give --pid, or set pid_file.")
    }
    do throws(FileReader.Failure) {
      let text = String(decoding: try FileReader.system.read(path), as: UTF8.self)
      guard let process = Int32(text.split(separator: "\n").first ?? ""), process > 0 else {
        throw FileReader.Failure("holds no number of a process")
      }
      try check(process, path)
      return process
    } catch {
      throw Exit.complaining("The pid_file \(path) \(error.reason): is slotd running?")
    }
  }

  /// Makes sure that the process is a slotd: one that was killed leaves a file behind with a number that may be another's by now.
  private static func check(_ process: Int32, _ path: String) throws(FileReader.Failure) {
    let name = try? FileReader.system.read("/proc/\(process)/comm")
    guard name.map({ String(decoding: $0, as: UTF8.self) }) == "slotd\n" else {
      throw FileReader.Failure("names process \(process), which is no slotd")
    }
  }
}
