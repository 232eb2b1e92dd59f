import TestSupport
import Testing

@testable import EmbeddedBucket

@Suite struct ObjectRecordTests {
  private func record(fields: [(String, String)] = [], key: String = "a/ü") throws -> ObjectRecord {
    ObjectRecord(
      key: try #require(ObjectKey(Array(key.utf8))), size: 1 << 40,
      etag: ETag(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210, parts: 3),
      modified: 1_800_000_000,
      fields: fields.map { ObjectRecord.Field(name: $0, value: Array($1.utf8)) })
  }

  @Test func whatIsWrittenIsRead() throws {
    let records = [
      try record(), try record(fields: [("content-type", "text/plain"), ("x-amz-meta-é", "ö")]),
      try record(fields: (0..<60).map { ("x-amz-meta-\($0)", String(repeating: "v", count: 200)) }),
      try record(key: String(repeating: "k", count: 1024)),
    ]
    for record in records { #expect(ObjectRecord(trailer: record.trailer) == record) }
  }

  @Test func itEndsWithItsLength() throws {
    let trailer = try record().trailer
    #expect(
      ObjectRecord.recordBytes(in: Array(trailer.suffix(ObjectRecord.footerBytes)))
        == trailer.count - ObjectRecord.footerBytes)
    #expect(
      ObjectRecord.recordBytes(in: Array(trailer.suffix(ObjectRecord.footerBytes - 1))) == nil)
  }

  @Test func oneBitThatChangedIsNoticed() throws {
    let trailer = try record(fields: [("content-type", "text/plain")]).trailer
    for place in trailer.indices {
      for bit in 0..<8 {
        var changed = trailer
        changed[place] ^= 1 << UInt8(bit)
        #expect(ObjectRecord(trailer: changed) == nil)
      }
    }
  }

  @Test func whatIsCutIsNoRecord() throws {
    let trailer = try record(fields: [("content-type", "text/plain")]).trailer
    for count in 0..<trailer.count {
      #expect(ObjectRecord(trailer: Array(trailer.suffix(count))) == nil)
      #expect(ObjectRecord(trailer: Array(trailer.prefix(count))) == nil)
    }
  }

  @Test func tags() {
    let etag = ETag(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210, parts: 0)
    #expect(etag.quoted == "\"0123456789abcdeffedcba9876543210\"")
    #expect(ETag(high: etag.high, low: etag.low, parts: 12).text == etag.text + "-12")
    #expect(etag.digest.first == 0x01)
    #expect(etag.digest.last == 0x10)
  }
}
