import Meters
import Reactor
import Settings

/// One loading of a configuration: what stays as it is until the next, whatever becomes of the credentials. Two are the same when they
/// are the same object.
final class Loading: Sendable {
  let configuration: Configuration
  let tokens: Tokens
  /// What there is to count.
  let instruments: Instruments
  /// When it was, in seconds since the beginning of 1970.
  let loadedAt = Clock().unixSeconds

  /// Loads a configuration that is good; `registry` lists what there is to count under it, and nothing else any more.
  init(_ configuration: Configuration, in registry: Registry) {
    self.configuration = configuration
    tokens = Tokens(configuration.tokens)
    instruments = registry.configure { Instruments(configuration, &$0) }
  }
}
