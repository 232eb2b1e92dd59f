import Glibc
import Signing
import Synchronization
import Testing

@testable import ObjectStore

/// What is kept, and when it is asked for again: with a clock that the test turns.
struct CredentialKeeperTests {
  /// A source that gives what the test says.
  private final class Script: Sendable {
    private let next: Mutex<Result<Credentials, CredentialFailure>>

    init() { next = Mutex(.failure(CredentialFailure("nothing was said", "say something"))) }

    func say(_ key: String, until end: Int64? = nil) {
      let credentials = Credentials(
        accessKeyID: key, secretAccessKey: "secret", sessionToken: "token", expiresAt: end)
      next.withLock { $0 = .success(credentials) }
    }

    func fail(_ problem: String) {
      next.withLock { $0 = .failure(CredentialFailure(problem, "wait")) }
    }

    func keeper(_ files: [String] = []) -> Kept {
      Kept(
        CredentialChain(
          configured: CredentialChain.Configured(files: files) { () throws(CredentialFailure) in
            try self.next.withLock { $0 }.get()
          }, region: "auto", in: .made()))
    }
  }

  /// A keeper, boxed: `#expect` calls nothing that mutates.
  private final class Kept {
    private(set) var keeper: CredentialKeeper

    init(_ chain: CredentialChain) { keeper = CredentialKeeper(chain) }

    @discardableResult
    func refresh(at now: Int64, fraction: Double = 0) -> Bool {
      keeper.refresh(over: nil, at: now, fraction: fraction)
    }

    func isDue(at now: Int64) -> Bool { keeper.isDue(at: now) }
    func pause(at now: Int64) -> Int64? { keeper.pause(at: now) }
    func isUsable(at now: Int64) -> Bool { keeper.isUsable(at: now) }
    var credentials: Credentials? { keeper.credentials }
    var failure: CredentialFailure? { keeper.failure }
  }

  @Test func aSessionIsRenewedAheadOfItsEnd() {
    let script = Script()
    let keeper = script.keeper()
    #expect(keeper.isDue(at: 0) && keeper.pause(at: 0) == 0)
    #expect(!keeper.isUsable(at: 0))
    script.say("one", until: 3_600)
    #expect(keeper.refresh(at: 0))
    #expect(keeper.isUsable(at: 0))
    #expect(keeper.pause(at: 0) == 2_685)
    #expect(!keeper.isDue(at: 2_684))
    #expect(keeper.isDue(at: 2_685))
    script.say("two", until: 7_200)
    #expect(keeper.refresh(at: 2_685))
    #expect(keeper.credentials?.accessKeyID == "two")
  }

  @Test func theOldOnesAreKeptUntilTheNewOnesAreThere() {
    let script = Script()
    let keeper = script.keeper()
    script.say("one", until: 1_000)
    keeper.refresh(at: 0)
    script.fail("the source is down")
    #expect(keeper.refresh(at: 500), "a failure is news")
    #expect(!keeper.refresh(at: 501), "the same failure again is not")
    #expect(keeper.pause(at: 501) == 2)
    #expect(keeper.credentials?.accessKeyID == "one")
    #expect(keeper.failure?.problem == "the source is down")
    #expect(keeper.isUsable(at: 985))
    #expect(!keeper.isUsable(at: 986), "the last fifteen seconds are of no use")
    script.fail("the source is on fire")
    #expect(keeper.refresh(at: 990), "another failure is news")
    script.say("two", until: 5_000)
    #expect(keeper.refresh(at: 1_010))
    #expect(keeper.failure == nil && keeper.isUsable(at: 1_010))
  }

  @Test func theSameCredentialsAgainAreNoNews() {
    let script = Script()
    let keeper = script.keeper()
    script.say("one", until: 1_000)
    #expect(keeper.refresh(at: 0))
    #expect(!keeper.refresh(at: 1))
    script.fail("down")
    #expect(keeper.refresh(at: 2))
    script.say("one", until: 1_000)
    #expect(keeper.refresh(at: 3), "that the source is there again is")
  }

  @Test(
    arguments: [
      (100, "ends in 10 s"), (90, "has ended"), (0, "has ended"), (.min, "has ended"),
    ] as [(Int64, String)])
  func aSessionThatIsOverIsNotTaken(_ end: Int64, _ words: String) {
    let script = Script()
    let keeper = script.keeper()
    script.say("one", until: 200)
    keeper.refresh(at: 0)
    script.say("two", until: end)
    #expect(keeper.refresh(at: 90))
    #expect(keeper.credentials?.accessKeyID == "one", "the old ones last longer")
    #expect(keeper.failure?.problem.contains(words) == true)
    #expect(keeper.pause(at: 90) == 1)
  }

  @Test func aKeyThatLastsIsNotAskedForAgain() {
    let script = Script()
    let keeper = script.keeper()
    script.say("one")
    keeper.refresh(at: 0)
    #expect(keeper.pause(at: 0) == nil)
    #expect(!keeper.isDue(at: .max))
    #expect(keeper.isUsable(at: .max))
  }

  @Test func aFileThatChangedIsReadWhenItStandsStill() throws {
    let file = try TemporaryFile("one")
    let script = Script()
    let keeper = script.keeper([file.path])
    #expect(keeper.keeper.watchesFiles)
    script.say("one")
    keeper.refresh(at: 0)
    #expect(!keeper.isDue(at: 1))
    try file.write("a longer one")
    #expect(!keeper.isDue(at: 2), "it may still be written to")
    #expect(keeper.isDue(at: 3))
    keeper.refresh(at: 3)
    #expect(!keeper.isDue(at: 4))
    file.remove()
    #expect(!keeper.isDue(at: 5))
    #expect(keeper.isDue(at: 6), "that it is gone is a change, too")
  }

  @Test func anotherMachineIsNotAskedWithoutATransport() {
    let keeper = Kept(
      CredentialChain(
        region: "auto",
        in: .made(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/"])))
    #expect(keeper.refresh(at: 0), "which source it is, is news")
    #expect(keeper.keeper.source == "the container's credentials endpoint")
    #expect(keeper.credentials == nil && keeper.failure == nil)
    #expect(keeper.isDue(at: 0))
  }

  @Test func theSourceMayBeGone() {
    let keeper = Kept(CredentialChain(region: "auto", in: .made()))
    #expect(keeper.refresh(at: 0))
    #expect(keeper.failure == CredentialChain.nothing)
  }
}

/// A file that is there as long as the test.
private final class TemporaryFile {
  let path: String

  init(_ text: String) throws {
    path = "/tmp/slotd-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    try write(text)
  }

  deinit { remove() }

  func write(_ text: String) throws {
    // Safe: both are C strings for the call's time, and the handle is closed here.
    let file = unsafe fopen(path, "w")
    guard let file = unsafe file else { throw POSIXFailure() }
    unsafe fputs(text, file)
    unsafe fclose(file)
  }

  // Safe: the path is a C string for the call's time.
  func remove() { _ = unsafe unlink(path) }
}

private struct POSIXFailure: Error {}
