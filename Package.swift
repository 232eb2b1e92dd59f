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

let package = Package(
  name: "slotd",
  dependencies: [
    .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0")
  ],
  targets: [
    .systemLibrary(
      name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CCrypto", dependencies: ["CLibcrypto"]),
    .target(name: "CLinux"),
    .systemLibrary(name: "CLibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "CYAML", dependencies: ["CLibyaml"]),

    .target(name: "Wire", swiftSettings: hot),
    .target(name: "Signing", dependencies: ["Wire", "CCrypto"], swiftSettings: hot),
    .target(name: "Reactor", dependencies: ["Wire", "CLinux"], swiftSettings: hot),

    .target(
      name: "Settings", dependencies: ["CYAML", .product(name: "TOMLKit", package: "TOMLKit")],
      swiftSettings: careful),

    .target(
      name: "TestSupport", dependencies: ["Wire"], path: "Tests/Support", swiftSettings: careful),
    .testTarget(name: "WireTests", dependencies: ["Wire", "TestSupport"], swiftSettings: careful),
    .testTarget(
      name: "SigningTests", dependencies: ["Signing", "Wire", "TestSupport"], exclude: ["Vectors"],
      swiftSettings: careful),
    .testTarget(name: "SettingsTests", dependencies: ["Settings"], swiftSettings: careful),
  ],
  swiftLanguageModes: [.v6]
)
