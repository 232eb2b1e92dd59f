import Signing

extension SigningIdentity {
  /// The one that AWS's documentation signs with.
  static let example = SigningIdentity(
    Credentials(
      accessKeyID: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    region: "us-east-1")
}

/// 24 May 2013, midnight: when AWS's documentation signs.
let exampleTime: Int64 = 1_369_353_600
