public import Wire

extension UploadService {
  /// Writes what a server module needs for an answer to disco#info (XEP-0363 §3): name, limit, features.
  ///
  /// In XML it is the whole `<query/>` of the answer, ready to be inserted.
  public func describe(in dialect: Dialect, to body: inout ByteBuffer) {
    switch dialect {
    case .xml: describeXML(to: &body)
    case .json, .lines: describeJSON(to: &body)
    }
  }

  private func describeJSON(to body: inout ByteBuffer) {
    body.append("{\"name\":\"")
    body.append(json: serviceName.utf8.span)
    body.append("\"")
    if let size = advertisedMaxFileSize {
      body.append(",\"max_file_size\":")
      body.append(decimal: size)
    }
    body.append(",\"features\":[\"urn:xmpp:http:upload:0\"")
    for purpose in purposes {
      body.append(",\"urn:xmpp:http:upload:purpose:0#")
      body.append(purpose.name)
      body.append("\"")
    }
    body.append("]}\n")
  }

  private func describeXML(to body: inout ByteBuffer) {
    body.append("<query xmlns='http://jabber.org/protocol/disco#info'>")
    body.append("<identity category='store' type='file' name='")
    body.append(xml: serviceName.utf8.span)
    body.append("'/><feature var='http://jabber.org/protocol/disco#info'/>")
    body.append("<feature var='urn:xmpp:http:upload:0'/>")
    for purpose in purposes {
      body.append("<feature var='urn:xmpp:http:upload:purpose:0#")
      body.append(purpose.name)
      body.append("'/>")
    }
    if let size = advertisedMaxFileSize {
      body.append("<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>")
      body.append("<value>urn:xmpp:http:upload:0</value></field><field var='max-file-size'><value>")
      body.append(decimal: size)
      body.append("</value></field></x>")
    }
    body.append("</query>")
  }
}
