/// `mod_s3_upload` in ejabberd's configuration.
struct EjabberdFile {
  private let root: YAMLNode
  /// What `define_macro` lets words of capitals stand for.
  private var macros: [String: YAMLNode] = [:]

  init(_ root: YAMLNode) {
    self.root = root
    if case .map(let pairs)? = root["define_macro"]?.value {
      for (key, _, value) in pairs { macros[key] = value }
    }
  }

  /// A service for each host of the module, the whole server's first and then those of `host_config`.
  func services() -> [ImportedService] {
    var services = module(in: root, host: nil)
    for section in ["host_config", "append_host_config"] {
      guard case .map(let hosts)? = root[section]?.value else { continue }
      for (host, _, config) in hosts { services += module(in: config, host: host) }
    }
    return services
  }

  private func module(in node: YAMLNode, host domain: String?) -> [ImportedService] {
    guard case .map(let modules)? = node["modules"].map(expanded)?.value,
      let (_, line, value) = modules.last(where: { $0.key == "mod_s3_upload" })
    else { return [] }
    var options: [String: ModuleOptions.Option] = [:]
    if case .map(let pairs) = expanded(value).value {
      for (key, line, node) in pairs {
        let node = expanded(node)
        options[key] = .init(value: plain(node), text: node.text, line: line)
      }
    }
    var hosts = ["upload.@HOST@"]
    switch options.removeValue(forKey: "hosts")?.value {
    case .text(let host): hosts = [host]
    case .list(let list):
      hosts = list.compactMap { if case .text(let host) = $0 { host } else { nil } }
    default: break
    }
    return hosts.map { host in
      service(
        ModuleOptions(options), line: line,
        host: domain.map { host.replacing(HostPattern.placeholder, with: $0) } ?? host)
    }
  }

  private func service(_ options: ModuleOptions, line: Int, host: String) -> ImportedService {
    var options = options
    var service = ImportedService(host: host, line: line)
    service.set("expiration_time", options.take("put_ttl"), default: 600, in: 1...604_799)
    service.set("token_bytes", .integer(32))
    service.setMaxFileSize(
      options.take("max_size"), default: 1_073_741_824, unlimited: ["infinity", "unlimited", "0"])
    setAccess(options.take("access"), of: &service)
    let name = options.take("service_name")
    service.set("service_name", .text(name?.text ?? "S3 Upload"), line: name?.line)
    setBucket(&options, of: &service)
    let acl = options.take("set_public")
    let isPublic = acl?.value ?? .boolean(true)
    service.set(
      "s3.add_acl", isPublic, line: acl?.line,
      remark: isPublic == .boolean(true)
        ? "mod_s3_upload asks for this ACL unless told not to; where the bucket refuses ACLs, write false and let "
          + "the bucket's policy make files readable" : nil)
    service.passOver(options)
    return service
  }

  private func setBucket(_ options: inout ModuleOptions, of service: inout ImportedService) {
    let url = options.take("bucket_url")
    if let text = url?.text, let address = try? WebAddress(text), address.path.count > 1,
      !address.path.hasSuffix("/")
    {
      service.remark(
        "mod_s3_upload leaves the last part of this URL's path out where no / follows; slotd keeps it: "
          + "look where the files are", line: url?.line)
    }
    service.set("s3.bucket_url", text: url)
    service.set("s3.region", text: options.take("region"))
    service.setAccessKey(
      id: options.take("access_key_id"), secret: options.take("access_key_secret"))
    service.set("s3.download_url", text: options.take("download_url"))
  }

  /// ejabberd's access rules stay in ejabberd; only the names that are there from the start are known.
  private func setAccess(_ option: ModuleOptions.Option?, of service: inout ImportedService) {
    guard let option else { return service.set("access", .text("local")) }
    switch option.text {
    case "local", "all": service.set("access", option.value, line: option.line)
    case "none": service.set("access", .list([]), line: option.line)
    default:
      service.set(
        "access", .text("local"), line: option.line,
        remark:
          "the access rule of ejabberd is not known here: list domains and JIDs instead, where local is not right"
      )
    }
  }

  // MARK: Values

  /// What a macro stands for, or the node itself.
  private func expanded(_ node: YAMLNode) -> YAMLNode {
    guard case .scalar(let word, isPlain: true) = node.value else { return node }
    return macros[word] ?? node
  }

  private func plain(_ node: YAMLNode) -> TOMLDocument.Value {
    switch node.value {
    case .scalar("true", isPlain: true): .boolean(true)
    case .scalar("false", isPlain: true): .boolean(false)
    case .scalar(let text, let isPlain):
      if isPlain, let number = Int(text) { .integer(number) } else { .text(text) }
    case .list(let nodes): .list(nodes.map { plain(expanded($0)) })
    case .map: .other(kind: "a map")
    }
  }
}
