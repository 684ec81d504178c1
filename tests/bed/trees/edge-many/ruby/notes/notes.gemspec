Gem::Specification.new do |spec|
  spec.name = "notes"
  spec.version = "0.1.0"
  spec.summary = "Notes of a ship"
  spec.add_dependency "ruby_llm", "~> 1.2"
  spec.add_development_dependency "qdrant-ruby"
end
