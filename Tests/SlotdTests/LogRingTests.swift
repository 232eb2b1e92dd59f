import Reactor
import Synchronization
import TestSupport
import Testing
import Wire

@testable import slotd

@Test func aRingHandsOverLinesInOrderAcrossItsEnd() {
  let ring = LogRing(capacity: 16)
  var read = ""
  for line in ["0123456789", "abcdefghij", "ABCDEFGHIJ"] {
    #expect(ring.append(line.utf8.span) == .high, "ten bytes are more than half of it")
    ring.drain { read += $0.text }
  }
  #expect(read == "0123456789abcdefghijABCDEFGHIJ")
  #expect(ring.isEmpty && ring.takeDropped() == 0)
}

@Test func aLineThatDoesNotFitIsDroppedWhole() {
  let ring = LogRing(capacity: 16)
  #expect(ring.append("0123456".utf8.span) == .low)
  #expect(ring.append("789abcdef!".utf8.span) == .none)
  #expect(ring.append("789abcdef".utf8.span) == .high, "it is full to the last byte")
  #expect(ring.append("x".utf8.span) == .none)
  #expect(ring.takeDropped() == 2)
  #expect(ring.takeDropped() == 0, "told once")
  var read = ""
  ring.drain { read += $0.text }
  #expect(read == "0123456789abcdef")
}

@Test func twoThreadsLoseNothingThatWasTaken() throws {
  let ring = LogRing(capacity: 256)
  let count = 20_000
  let taken = Atomic<Int>(0)
  let written = try Latch()
  try Thread.start("writer") {
    for number in 0..<count {
      if ring.append("line \(number)\n".utf8.span) != .none { taken.add(1, ordering: .relaxed) }
    }
    written.open()
  }
  var read = ""
  while !written.isOpen || !ring.isEmpty { ring.drain { read += $0.text } }
  let lines = read.split(separator: "\n")
  #expect(lines.count == taken.load(ordering: .relaxed))
  #expect(lines.count + ring.takeDropped() == count)
  let numbers = lines.compactMap { $0.hasPrefix("line ") ? Int($0.dropFirst(5)) : nil }
  #expect(numbers.count == lines.count, "each line is whole")
  #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }, "and in its place")
}
