import TestSupport
import Testing
import Wire

struct ByteTableTests {
  @Test(arguments: [0, 1, 4, 5, 10_000])
  func everyKeyIsFoundAndNoOther(_ count: Int) {
    let table = ByteTable((0..<count).map { (Array("token-\($0)".utf8), $0) })
    for number in 0..<count { #expect(table["token-\(number)".utf8.span] == number) }
    for other in ["", "token-", "token-\(count)", "TOKEN-0", "token-0\0"] {
      #expect(table[other.utf8.span] == nil)
    }
  }

  @Test func theFirstOfEqualKeysCounts() {
    let table = ByteTable([(Array("a".utf8), 1), ([], 2), (Array("a".utf8), 3)])
    #expect(table["a".utf8.span] == 1)
    #expect(table["".utf8.span] == 2)
  }
}
