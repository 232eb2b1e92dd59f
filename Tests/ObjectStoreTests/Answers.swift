@testable import ObjectStore

/// An answer as a server could have given it.
func answer(
  _ status: Int, _ body: String = "", _ fields: [HTTPField] = [], clockOffset: Int? = 0
) -> HTTPResponse {
  HTTPResponse(
    status: status, fields: fields, body: Array(body.utf8), timings: .init(), certificate: nil,
    address: "127.0.0.1", clockOffset: clockOffset)
}

/// The document that an S3 server refuses with.
func refusal(_ code: String, _ message: String = "", more: String = "") -> String {
  "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>\(message)</Message>\(more)</Error>"
}

extension BucketView {
  /// A bucket that is read by plain URLs, with a part of it changed.
  static func sample(_ change: (inout BucketView) -> Void = { _ in }) -> BucketView {
    var view = BucketView(
      url: "https://s3.example.org/bucket", region: "eu-west-1", accessKey: "AKIA…",
      addsACL: false, reading: .bucket, caFile: nil)
    change(&view)
    return view
  }
}
