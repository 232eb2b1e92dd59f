import Meters

/// Every metric that slotd publishes.
///
/// The two whose names begin with `mod_` are MongooseIM's, so that its dashboards go on working. The first counts up, but its name
/// is one that Prometheus keeps for parts of a histogram, so it goes without a type.
enum Families {
  static let mongooseCount = Family(
    "mod_http_upload_s3_count", .untyped, "Slots granted, under MongooseIM's name.")
  static let mongooseTime = Family(
    "mod_http_upload_s3_time", .histogram(Buckets(.doubling, from: 1, count: 31)),
    "Microseconds that granting a slot took, under MongooseIM's name.")

  static let slots = Family("slotd_slots_total", .counter, "Slot requests by outcome.")
  static let slotDuration = Family(
    "slotd_slot_duration_seconds",
    .histogram(Buckets(.oneTwoFive, from: 1_000, count: 19, perUnit: 1_000_000_000)),
    "Time from reading a slot request to having written its answer, of slots that were granted.")
  static let slotBytes = Family(
    "slotd_slot_bytes", .histogram(Buckets(.quadrupling, from: 1_024, count: 13)),
    "Sizes of the files that slots were granted for.")

  static let requests = Family(
    "slotd_http_requests_total", .counter,
    "Requests by route and status; those that lead nowhere have no route.")
  static let connections = Family(
    "slotd_http_connections", .gauge, "Connections open to the slot listeners.")
  static let credentialsExpiry = Family(
    "slotd_credentials_expiry_timestamp_seconds", .gauge,
    "When the session of the bucket's access key ends, since the beginning of 1970; +Inf for a key that lasts."
  )
  static let buildInfo = Family(
    "slotd_build_info", .gauge, "Always 1; the labels say which slotd this is.")

  static let probeSuccess = Family(
    "slotd_probe_success", .gauge,
    "Whether the latest probe of the host's bucket uploaded a file and read it back.")
  static let probeDuration = Family(
    "slotd_probe_duration_seconds", .gauge, "Time that each phase of the latest probe took.")
  static let probeLastSuccess = Family(
    "slotd_probe_last_success_timestamp_seconds", .gauge,
    "When a probe of the host's bucket last went through, since the beginning of 1970.")

  static let cpuSeconds = Family(
    "process_cpu_seconds_total", .counter, "Processor time used, in the kernel and out of it.")
  static let residentMemory = Family(
    "process_resident_memory_bytes", .gauge, "Memory held in RAM.")
  static let virtualMemory = Family(
    "process_virtual_memory_bytes", .gauge, "Address space, most of which was never written to.")
  static let openFiles = Family("process_open_fds", .gauge, "Open file descriptors.")
  static let openFilesMax = Family(
    "process_max_fds", .gauge, "File descriptors that may be open at once.")
  static let startTime = Family(
    "process_start_time_seconds", .gauge, "When the process started, since the beginning of 1970.")
}
