// swift-tools-version: 6.3
import PackageDescription

/// Every module's settings: strict memory safety, so that `unsafe` is a word one can search for, and no warnings.
let careful: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
  .enableExperimentalFeature("SafeInteropWrappers"),
]

/// What stands between the bytes of a request and the bytes of its answer: no existentials, no untyped throws.
let hot = careful + [.treatWarning("EmbeddedRestrictions", as: .error)]

/// What `slotd --version` says: the tag or commit that is built, where git knows.
let version =
  Context.environment["SLOTD_VERSION"] ?? Context.gitInformation?.currentTag
  ?? Context.gitInformation.map { String($0.currentCommit.prefix(12)) } ?? "unknown"

let package = Package(
  name: "slotd",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CCrypto", dependencies: ["CLibcrypto"]),
    .target(name: "CLinux"),
    .systemLibrary(name: "CLibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "CYAML", dependencies: ["CLibyaml"]),
    .systemLibrary(
      name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(name: "CCurl", dependencies: ["CLibcurl"]),
    .target(
      name: "CProgram",
      cSettings: [.define("SLOTD_VERSION", to: "\"\(version)\"")]),

    .target(name: "Wire", swiftSettings: hot),
    .target(name: "Signing", dependencies: ["Wire", "CCrypto"], swiftSettings: hot),
    .target(name: "Slots", dependencies: ["Wire", "Signing"], swiftSettings: hot),
    .target(name: "Meters", swiftSettings: hot),
    .target(name: "Reactor", dependencies: ["Wire", "CLinux"], swiftSettings: hot),

    .target(
      name: "EmbeddedBucket", dependencies: ["Wire", "Signing", "Reactor", "CLinux"],
      swiftSettings: careful),

    .target(
      name: "ObjectStore", dependencies: ["Wire", "Signing", "CCurl", "CLibcurl"],
      swiftSettings: careful),

    .target(
      name: "Settings",
      dependencies: ["Wire", "Signing", "CYAML"],
      swiftSettings: careful),

    .executableTarget(
      name: "slotd",
      dependencies: [
        "Wire", "Signing", "Slots", "Meters", "Reactor", "EmbeddedBucket", "ObjectStore",
        "Settings", "CLinux",
        "CProgram",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: careful),

    .target(
      name: "TestSupport", dependencies: ["Reactor", "Signing", "Wire", "CLinux"],
      path: "Tests/Support",
      swiftSettings: careful),
    .testTarget(name: "WireTests", dependencies: ["Wire", "TestSupport"], swiftSettings: careful),
    .testTarget(
      name: "ReactorTests", dependencies: ["Reactor", "Wire", "CLinux", "TestSupport"],
      swiftSettings: careful),
    .testTarget(
      name: "SigningTests", dependencies: ["Signing", "Wire", "TestSupport"], exclude: ["Vectors"],
      swiftSettings: careful),
    .testTarget(
      name: "EmbeddedBucketTests",
      dependencies: ["EmbeddedBucket", "Wire", "Signing", "Reactor", "CLinux", "TestSupport"],
      swiftSettings: careful),
    .testTarget(
      name: "SlotsTests", dependencies: ["Slots", "Signing", "Wire", "TestSupport"],
      swiftSettings: careful),
    .testTarget(name: "MetersTests", dependencies: ["Meters"], swiftSettings: careful),
    .testTarget(
      name: "ObjectStoreTests",
      dependencies: [
        "ObjectStore", "EmbeddedBucket", "Signing", "Reactor", "Wire", "TestSupport",
      ],
      swiftSettings: careful),
    .testTarget(
      name: "SlotdTests",
      dependencies: ["slotd", "Meters", "Reactor", "Settings", "Wire", "TestSupport"],
      swiftSettings: careful),
    .testTarget(
      name: "SettingsTests", dependencies: ["Settings", "Wire"], exclude: ["Examples"],
      swiftSettings: careful),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzzers have their `main` from the compiler, so they exist only where it is told to bring one: see Tests/fuzz.
if Context.environment["SLOTD_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Wire", "Signing", "Slots", "EmbeddedBucket", "ObjectStore", "Settings", "TestSupport",
      ], path: "Tests/Fuzz", exclude: ["Seeds"], swiftSettings: careful))
}

// For the benchmark alone: SLOTD_BENCH=1 swift build -c release --product presign
if Context.environment["SLOTD_BENCH"] != nil {
  package.targets.append(
    .executableTarget(
      name: "presign", dependencies: ["Signing", "Wire"], path: "Tests/bench/Presign",
      swiftSettings: careful))
}
