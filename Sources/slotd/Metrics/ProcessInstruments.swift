import CLinux
import Meters

/// What the process says of itself, under the names that Prometheus' own libraries use.
struct ProcessInstruments: Sendable {
  private let cpu: Gauge
  private let resident: Gauge
  private let virtual: Gauge
  private let openFiles: Gauge
  private let openFilesMax: Gauge
  private let started: Gauge
  private let buildInfo: Gauge

  init(_ listing: inout Listing) {
    cpu = listing.gauge(Families.cpuSeconds)
    resident = listing.gauge(Families.residentMemory)
    virtual = listing.gauge(Families.virtualMemory)
    openFiles = listing.gauge(Families.openFiles)
    openFilesMax = listing.gauge(Families.openFilesMax)
    started = listing.gauge(Families.startTime)
    buildInfo = listing.gauge(Families.buildInfo, [("version", Program.version)])
  }

  /// Looks, and publishes what it saw. Not for an event loop: counting the descriptors may take the longer the more there are.
  func publish(to registry: Registry) {
    let usage = slotd_process_usage()
    for (gauge, value, unit) in [
      (cpu, usage.cpu_ns, 1e9), (resident, usage.resident_bytes, 1),
      (virtual, usage.virtual_bytes, 1), (openFiles, usage.open_files, 1),
      (openFilesMax, usage.open_files_max, 1), (started, usage.started_ms, 1e3),
    ] where value >= 0 {
      registry.set(gauge, Double(value) / unit)
    }
    registry.set(buildInfo, 1)
  }
}
