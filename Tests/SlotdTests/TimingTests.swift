import Glibc
import Reactor
import Settings
import Signing
import TestSupport
import Testing

@testable import slotd

/// Whether the time of a comparison tells where a guess differs from the secret: Welch's t of the timings of two guesses, taken in random
/// order, as dudect computes it (https://eprint.iacr.org/2016/1123). Beyond 10 it does; Tests/timing runs this.
// Safe: nothing here changes the environment.
@Suite(.serialized, .enabled(if: unsafe getenv("SLOTD_TIMING") != nil))
struct TimingTests {
  private let secret = Array("0123456789abcdef0123456789abcdef0123456789abcdef".utf8)
  private static let bound = 10.0

  /// The secret with the byte at `place` changed.
  private func guess(wrongAt place: Int) -> [UInt8] {
    var guess = secret
    guess[place] ^= 1
    return guess
  }

  @Test func aComparisonThatStopsEarlyIsFound() {
    let secret = secret
    let t = Self.t(guess(wrongAt: 0), guess(wrongAt: 47)) { guess in
      for i in secret.indices where secret[i] != guess[i] { return false }
      return true
    }
    #expect(abs(t) > Self.bound)
  }

  @Test func signaturesAreComparedInConstantTime() {
    let secret = secret
    let t = Self.t(guess(wrongAt: 0), guess(wrongAt: 47)) {
      constantTimeEqual(secret.span, $0.span)
    }
    #expect(abs(t) < Self.bound)
  }

  @Test func secretsAreComparedInConstantTime() {
    let secret = Secret(String(decoding: secret, as: UTF8.self))
    let guesses = [0, 47].map { Secret(String(decoding: guess(wrongAt: $0), as: UTF8.self)) }
    let t = Self.t([0], [1]) { secret == guesses[Int($0[0])] }
    #expect(abs(t) < Self.bound)
  }

  /// Neither how near a guess is tells of itself, nor which of the tokens it is.
  @Test func tokensAreComparedInConstantTime() {
    let others = ["x", "y"].map { Secret(String(repeating: $0, count: secret.count)) }
    let tokens = Tokens([others[0], Secret(String(decoding: secret, as: UTF8.self)), others[1]])
    let near = Self.t(guess(wrongAt: 0), guess(wrongAt: 47)) { tokens.contains($0.span) }
    #expect(abs(near) < Self.bound)
    let places = ["x", "y"].map { Array(repeating: Array($0.utf8)[0], count: secret.count) }
    let which = Self.t(places[0], places[1]) { tokens.contains($0.span) }
    #expect(abs(which) < Self.bound)
  }

  /// Welch's t of the times that `compare` takes for either guess.
  private static func t(_ a: [UInt8], _ b: [UInt8], _ compare: ([UInt8]) -> Bool) -> Double {
    var random = SeededGenerator(seed: 1)
    var times: [[Double]] = [[], []]
    let guesses = [a, b]
    var answers = 0
    for _ in 0..<200_000 {
      let which = Int(random.next() & 1)
      let guess = guesses[which]
      let start = Clock.now
      for _ in 0..<16 where compare(guess) { answers += 1 }
      times[which].append(Double(Clock.now - start))
    }
    #expect(answers >= 0)
    // What took longer than nearly all was interrupted.
    let all = (times[0] + times[1]).sorted()
    let longest = all[all.count * 9 / 10]
    let kept = times.map { $0.filter { $0 <= longest } }
    let means = kept.map { $0.reduce(0, +) / Double($0.count) }
    let errors = zip(kept, means).map { times, mean in
      times.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(times.count - 1)
        / Double(times.count)
    }
    let t = (means[0] - means[1]) / (errors[0] + errors[1]).squareRoot()
    print("\(means[0]) ns, \(means[1]) ns: t = \(t)")
    return t
  }
}
