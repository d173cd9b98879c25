# Reads a list of [template, values] as JSON; answers with a list of what ERB makes of each, null where Ruby refuses it.
require "erb"
require "json"

answers = JSON.parse($stdin.read).map do |text, values|
  begin
    source = ERB.new(text, trim_mode: "-")
    RubyVM::InstructionSequence.compile(source.src)
    source.result_with_hash(values)
  rescue SyntaxError
    nil
  rescue StandardError
    ""
  end
end
puts JSON.generate(answers)
