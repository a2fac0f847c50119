"""Plain answers, as a small grammar; a reply that it does not read to the end goes to a person.

Each line is one way to say something, in lower case and without accents, as `reply_tokens` gives it. `a|b` is either,
`[a]` may be missing, `<name>` stands for any line of that name, `a_b` is two words in one place. Whatever says more
than the answer (a time, a condition, a question, a second thought) must not stand here, so that it is not understood.
How the parts may follow each other is said in `replies.py`.
"""

from clinicdesk.domain.reply_tokens import BREAK, NO_SIGNS, QUESTION, SMILE, YES_SIGNS
from clinicdesk.domain.reply_words import Part

NAMES: dict[str, str] = {
    "who": """
        filha|filho|fia|fio|meninas|prezado|prezada|prezados|prezadas|caros|doutores|mana|mano
        senhor|senhora|sr|sra|dr|dra|doutor|doutora|moca|moco|querida|querido|amor|flor|linda|amiga|amigo|meninas|pessoal
        gente|secretaria|dona|anjo|colega|equipe|fofa|jovem
        meu|minha bem|querida|querido|amor|filha|filho|linda|flor|anjo|amiga|amigo
    """,
    "thanked": """
        pela|pelo [a|o] atencao|lembranca|lembrete|aviso|compreensao|contato|carinho|mensagem|retorno|gentileza|cuidado
        por perguntar|avisar|lembrar|me_avisar|me_lembrar|avisarem|lembrarem|tudo
        a voce|todos
        deus
        [desde] ja
        viu
        mesmo
    """,
    "we": """
        eu|nos|ele|ela
        a gente
        o|a paciente|crianca|bebe|menino|menina|pequeno|pequena
        [a|o] <relative>
    """,
    "relative": """
        meu|minha filho|filha|mae|pai|esposo|esposa|marido|neto|neta|avo|sogra|sogro|irma|irmao|menino|menina|bebe|tia
    """,
    "visit": """
        [a|o] [minha|meu|nossa|essa|esse|esta|este] <appointment>
        [a] [minha|nossa] presenca|ida|vaga
        [o] [meu] comparecimento
        [a|o] consulta|horario marcada|marcado|agendada|agendado
        [a|minha] presenca na|no consulta|atendimento|exame|horario
    """,
    "own_visit": """
        [a] minha|nossa consulta|presenca|ida|vaga|sessao|avaliacao
        [o] meu|nosso horario|agendamento|atendimento|exame|retorno|comparecimento
        [a] presenca|consulta
    """,
    "appointment": "consulta|horario|agendamento|atendimento|exame|retorno|sessao|avaliacao",
    "there": """
        la|ai|presente|aqui
        sim
        [la|ai|presente] na|no consulta|horario|hora|clinica|consultorio|local|dia
        [la|ai] no|na horario|hora|dia marcado|marcada|combinado|combinada|agendado|certo|certa
        [la|ai] sem falta
        [la|ai] com certeza
        [la|ai] sim
        pontualmente
        esperando
        la|ai presente
        presentes
        presente se_deus_permitir|se_deus_quiser
        [la|ai] na|no clinica|consultorio|local na|no hora|horario [certa|certo|marcado|marcada|combinado|combinada]
        [la|ai] na|no hora certa|marcada|combinada
    """,
    "will_go": """
        vou|irei|iremos
        vamos|vai|ira
        vou|irei|vamos|iremos|vai|ira comparecer|estar|ir
        vou|vamos|vai|ira poder|conseguir ir|comparecer
        estarei|estaremos|estara|comparecerei|compareceremos|comparecera|compareco
    """,
    "can_not": """
        vou|irei|vamos|iremos
        vou|irei|vamos|iremos poder|conseguir
        posso|poderei|podemos|poderemos
        consigo|conseguirei|conseguimos|conseguiremos
        vou|vamos ter como|condicoes
        tenho|terei|temos|teremos como|condicoes
        sera possivel
    """,
    "they_can_not": """
        vai|ira
        vai|ira poder|conseguir
        pode|podera|consegue|conseguira
        vai|tem|tera [ter] como|condicoes
    """,
    "go": """
        ir|comparecer|estar|aparecer|atender
        ir|comparecer|estar|aparecer <there_not>
        mais
        ir|comparecer mais
        de ir|comparecer
        <there_not>
    """,
    "there_not": """
        presente|la|ai
        a|na|no|ao consulta|exame|atendimento|horario|sessao|retorno|clinica
        nessa|nesta|essa|esta consulta
        na data|hora|dia marcada|marcado
    """,
    "wish": """
        pode|podem|poderia|quero|queria|preciso|precisarei|desejo|favor|solicito|peco|prefiro|vim|vou|vamos|irei|necessito
        gostaria|gostariamos de
        gostaria|quero|preciso [de] solicitar|pedir
        gostaria de fazer
        peco|solicito que
        vou|irei|vamos ter que|de|q
        vou precisar|querer
        terei|tenho|teremos|temos que|de|q
        por_favor
        eu gostaria de
        eu quero|preciso|queria|vou|desejo
        eu vou ter que|de
        eu tenho|terei que|de
    """,
    "because": "pois|porque|pq|que|eh_que|por_que",
    "came_up": "tive|surgiu|aconteceu|apareceu|houve|tenho|ocorreu",
    "hindrance": "imprevisto|problema|contratempo|compromisso|imprevistos|problemas",
    "for_me": "para mim|nos|a_gente",
    "ill": """
        doente|gripado|gripada|viajando|trabalhando|internado|internada|acamado|acamada|resfriado|resfriada|mal
        com covid|dengue|febre|gripe|virose|conjuntivite|diarreia|colica
        de viagem|plantao|cama|repouso|atestado
        sem carro|condicoes|transporte|dinheiro|gasolina
        fora da_cidade|do_estado|do_pais
        passando mal
        muito gripado|gripada|doente|mal|resfriado|resfriada
        em viagem|reuniao
    """,
    "will_go_bare": """
        vou|irei|iremos|vamos
        vou|irei|vamos|iremos estar
        vou|irei|vamos|iremos comparecer|ir
        estarei|estaremos|comparecerei|compareceremos|compareco
    """,
    "can_not_late": """
        vou|irei|posso|consigo|poderei|quero|vai_dar|da|vou_poder|vou_conseguir
        vou|posso|consigo|vou_poder|vou_conseguir ir
    """,
    "them": """
        [mais|as|os|essas|estas|esses|suas] mensagem|mensagens|msg|msgs|mensagen|avisos|lembretes
        [mais|as|essas|estas|suas] whatsapp|notificacoes|propaganda|propagandas
        [mais] nada|contato
        isso
        nenhuma mensagem|msg
        mensagens|msg|mensagem de voce
        essas coisas
    """,
    "offered": """
        [a|essa|esta|o|esse|este] vaga|horario|data|dia|consulta|encaixe
        sim
    """,
}

PHRASES: dict[Part, str] = {
    Part.COURTESY: f"""
        {SMILE}
        bom|boa dia|tarde|noite|diaa|semana|final_de_semana [<who>]
        boa
        oi|ola|opa|oie|alo|hello|hey [<who>]
        <who>
        oxe|uai|eita|opa|ah|oh|puxa|poxa|ixi|vixe|nossa|oba|oie|hum
        pode deixar [comigo]
        tamo|estamos junto
        [muito] obrigado [<who>]
        [muito] obrigado <thanked>
        [muito] [mesmo] obrigado mesmo|viu|sempre|demais
        [eu] agradeco|agradecemos [desde_ja]
        [eu] agradeco|agradecemos a|o|pela|pelo atencao|compreensao|lembranca|lembrete|aviso|contato|carinho|gentileza
        deus te|lhe|os|a|o|nos abencoe|pague|acompanhe
        deus abencoe [<who>]
        fica|fique|ficam|fiquem|vai com deus
        se deus quiser|permitir
        com fe em deus
        gracas a deus
        amem|amen|aleluia
        abraco|abracos|abs|bjs|bj|bjo|bjos|beijo|beijos|beijinho|beijinhos|att|atenciosamente|cordialmente
        um|grande abraco|beijo
        de nada|antemao
        imagina
        desculpa|desculpe|desculpem|perdao|lamento|lamentamos [mas]
        me desculpa|desculpe|desculpem|perdoe [mas]
        sinto_muito|infelizmente mas
        desculpa|desculpe o|a|pelo|pela incomodo|transtorno|demora|inconveniente [mas]
        peco desculpas
        desculpas [pela|pelo demora|transtorno]
        sinto muito
        infelizmente
        viu|entao|ne_nao|mesmo|k|rs|rsrs|haha|hehe|rss|hahaha|kk
        otimo|otima|legal|maravilha|excelente
        tenha|tenham um|uma otimo|otima|bom|boa|excelente dia|tarde|noite|semana
        um|uma otimo|otima|bom|boa|excelente dia|tarde|noite|semana
        igualmente
        tambem
        disponha
        conto com voce
    """,
    Part.GREETING: f"""
        [e] tudo bem|bom|bao|joia|certo|certinho {QUESTION}
        como vai [voce|<who>] {QUESTION}
        e ai [tudo bem|bom|certo] [{QUESTION}]
        esta tudo bem {QUESTION}
    """,
    Part.PLEASE: """
        por_favor
        por favor|gentileza|caridade
        favor|gentileza
        ta
    """,
    Part.NOTED: """
        tudo bem|bom|bao|joia|certinho
        ciente|recebido|recebida|anotado|entendido
        mensagem recebida|lida
        recebi [a|o|sua|esta] mensagem|aviso|lembrete|msg
    """,
    Part.FAREWELL: """
        ate la|mais|logo|breve|ja|entao
        nos vemos [la|ai]
        te vejo la|ai
    """,
    Part.BREAK: BREAK,
    Part.JOIN: "e",
    Part.ONE: """
        [opcao|numero|alternativa|resposta|digito|tecla] 1|um
        a opcao 1|um
        o|eh|digitei|digito|respondo|escolho|marco|aperto 1
    """,
    Part.ZERO: f"""
        [opcao|numero|alternativa|resposta|digito|tecla] 0|zero
        a opcao 0|zero
        o|eh|digitei|digito|respondo|escolho|marco|aperto 0
        {"|".join(sorted(NO_SIGNS - {"🙅"}))}
    """,
    Part.YES: f"""
        {"|".join(sorted(YES_SIGNS))}
        sim|ok|claro|certo|certeza|certamente|positivo|afirmativo|exato|exatamente|perfeito|beleza|combinado|fechado
        joia|aham|uhum|ahan|unhum|arram|yes|yep|obvio|logico|correto|certinho|presente
        bora|fechou|firmeza|dale|demorou|tranquilo|suave|show
        show de bola
        [sim] com certeza absoluta
        [sim] logico|obvio|claro|evidente que sim
        [sim] com [toda] certeza
        [sim] claro que sim
        eh claro
        eh sim
        de acordo
        isso mesmo
        isso ai
        sem duvida|duvidas|problema|problemas|falta
        esta bom|certo|ok|bem|otimo|combinado|certinho|joia|perfeito|confirmadissimo
        tudo certo|ok|certinho|confirmado|combinado
        pode ser
        pode sim
        por mim ok|sim|tudo_bem|beleza
        sim senhor|senhora
        quero sim
        eu sim
    """,
    Part.GOING: """
        [sim] [eu|nos] confirmo|confirmamos|confirmado [sim]
        [sim] [eu|nos] confirmo|confirmamos|confirmado [sim] <visit>
        [sim] ja confirmei [<visit>]
        [ja] esta|fica|ficou|estou|estamos|deixa|deixe confirmado [sim]
        [sim] [eu] pode|podem confirmar|manter|deixar_confirmado|deixar_marcado|deixar_confirmada [sim]
        [sim] pode|podem confirmar|manter|deixar_confirmado [sim] <own_visit>
        [sim] pode|podem me confirmar
        [sim] [eu] quero|gostaria_de|desejo|venho|queremos|favor|por_favor|quero_sim confirmar [sim]
        [sim] [eu] quero|queria|gostaria_de|desejo|venho|queremos|favor|por_favor|quero_sim confirmar <own_visit>
        [sim] mantenha|mantenham|mantem|mantenho|manter|mantemos|mantido [<visit>]
        [sim] pode|podem manter agendado|marcado|confirmado
        confirmacao [ok]
        certeza que vou|irei|vamos
        [sim] <we> confirmar|confirmo|confirmado [sim]
        [sim] <will_go_bare> [sim]
        [sim] <will_go_bare> <there>
        [sim] <we> <will_go> [sim]
        [sim] <we> <will_go> <there>
        [sim] [eu] levo|levarei|vou_levar|vamos_levar|levaremos ele|ela|<relative> [sim]
        [sim] estou|estamos confirmando [sim] [<visit>]
        confirmando [<visit>]
        venho por_meio_desta|por_meio_deste confirmar [<visit>]
        nao perco|vou_perder [por nada]
        logico|obvio|claro que vou|vamos|irei|confirmo|estarei
        claro que vou|vamos|irei|confirmo
        com certeza vou|irei|estarei|vamos|iremos|estaremos|comparecerei
        com certeza <we> vou|irei|estarei|vamos|iremos|estaremos
        com certeza estarei|estaremos <there>
        pode|podem contar [comigo|conosco]
        [pode|podem] conte|conta|contem|contar com [a] minha|nossa presenca
        conte|conta|contem comigo|conosco
        pode|podem me esperar|aguardar [sim]
        [pode] me espera|espere|esperem|aguarde|aguardem
        [eu] nao vou|irei|vamos faltar
        [eu] nao faltarei
        presenca garantida
    """,
    Part.CONFIRM: """
        <visit> [esta|ja_esta|fica] confirmado
        presenca|consulta|horario|agendamento|atendimento|comparecimento confirmado
        confirmar [sim] [<own_visit>]
        confirmar comigo
    """,
    Part.NO: """
        nao|negativo|nope|nop
    """,
    Part.NOT_GOING: """
        [<we>] nao <can_not> [<go>] [nao|mesmo]
        <we> nao <they_can_not> [<go>] [nao|mesmo]
        nao tem como ir|comparecer
        [<we>] nao <can_not> mesmo <go>
        [<we>] <can_not_late> nao
        [<we>] nao estarei|estaremos|estara|comparecerei|compareceremos|comparecera [<there_not>]
        [<we>] nao vou|vamos|vai estar <there_not>
        [<we>] nao irei|vou|vai|vamos mais|mesmo
        [eu] nao quero|vou_querer|preciso|vou_precisar|precisarei|tenho_interesse mais
        [eu] nao quero|desejo ir|comparecer [mais]
        nao da [mesmo|nao|mais]
        nao vai dar [nao|mais|mesmo]
        nao vai dar para <we> ir|comparecer
        nao vai dar para mim|ir|comparecer
        nao da para ir|comparecer
        nao [me] sera|vai_ser|eh possivel [<go>]
        [eu] desisti|desisto [da|de consulta|ir|comparecer]
        deixa para la nao vou|quero mais
        nao tenho mais interesse
        [eu] nao quero|preciso mais a|da <appointment>
        nao [vou] querer|quero mais [nao|ir]
        [eu] nao vou mais precisar
        nem vou
        nao rola
        impossibilitado|impossibilitada [de ir|comparecer]
        estou impossibilitado|impossibilitada [de ir|comparecer]
        sem condicoes de ir|comparecer
        nao contem|conte comigo
        nao tenho condicoes [de ir|comparecer]
    """,
    Part.CANCEL: "cancelar|desmarcar|cancelamento [ai|la] [<visit>] [<for_me>]",
    Part.WISH: """
        <wish> cancelar|desmarcar [ai|la] [<visit>] [<for_me>]
        <wish> [o] cancelamento [da|do|de <appointment>]
        <wish> cancelar|desmarcar sim
        <wish> desistir [da|do <appointment>]
        [quero|solicito|favor|peco|gostaria_de_pedir|desejo|preciso_do] [o] cancelamento [da|do <appointment>]
        cancelo|desmarco|cancelado|desmarcado [<visit>]
        [pode|podem] libera|liberar|libere|liberem a|o|meu|minha vaga|horario
        [pode|podem] tirar|tira|tire|retirar meu|o_meu nome da agenda
        pode|podem passar|dar [a_vaga|o_horario|minha_vaga|meu_horario] para outro|outra [pessoa|paciente]
        pode deixar cancelado
    """,
    Part.REASON: """
        [<because>] [eu] estou|fiquei|estamos|continuo|acordei|amanheci <ill>
        [<because>] [eu] <came_up> um|uns <hindrance>
        [<because>] [eu] <came_up> uma emergencia|viagem|reuniao|urgencia
        devido|por [a|um] imprevisto|problema|problemas|viagem
        tive|surgiu|houve imprevisto|imprevistos|compromisso|emergencia
        imprevisto
        [<because>] [eu|ele|ela] peguei|pegou covid|gripe|dengue|virose
        [<because>] [eu|ele|ela|<relative>] adoeci|adoeceu
        por motivo|motivos de doenca|trabalho|saude|viagem|forca_maior
        por motivo|motivos pessoal|pessoais
        [<because>] [eu] vou|irei viajar|trabalhar
        [<because>] trabalho
        problema|problemas de saude|familia
        estou impedido|impedida
        [<because>] meu|minha filho|filha|mae|pai|marido|esposa esta|ficou <ill>
    """,
    Part.WANT: """
        [sim] [eu] quero|aceito|topo|queremos|aceitamos [sim] [<offered>]
        [sim] pode|podem marcar|agendar|encaixar|reservar|me_encaixar [sim] [<offered>]
        [eu] fico com ela|ele|a_vaga|o_horario|essa|esse
        [sim] [eu] tenho interesse
        vou querer [sim]
        tenho interesse
        marca|agenda|encaixa|marque|agende|reserva|reserve [por_favor|para_mim]
        me encaixa|encaixe
    """,
    Part.NOT_WANT: """
        [eu] nao quero|aceito [mais|nao] [<offered>]
        [eu] nao tenho interesse
        sem interesse
        [eu] dispenso|recuso|rejeito
        [eu] passo
        passo a vez
        pode|podem passar para o|a proximo|proxima
        fica para a proxima
    """,
    Part.STOP: """
        sair|parar|stop|descadastrar|descadastre|descadastra|remover|remova|unsubscribe|descadastro|descadastramento
        [eu] quero|desejo|gostaria_de|queria|pode|podem sair|descadastrar|parar|me_descadastrar|me_remover
        [eu] nao quero|desejo|gostaria_de [mais] receber [mais] [<them>]
        [eu] nao quero|desejo [mais] <them>
        nao [me] mande|manda|mandem|envie|enviem|envia|mandar [mais] [<them>]
        nao [me] mande|manda|mandem|envie|enviem|envia <them> mais
        nao quero que [me] mande|mandem|envie|enviem [mais] [<them>]
        [pode|podem|favor|por_favor] pare|para|parem|parar de [me] mandar|enviar|receber|escrever|encaminhar [<them>]
        [quero|gostaria_de|desejo] parar de receber [<them>]
        pare|parem com <them>
        me descadastra|descadastre|descadastrem|remova|remove|exclua|tirem|tira
        me tira|tire|tirem daqui
        sair da|dessa|desta lista
        [eu] quero|desejo sair da|dessa|desta lista
        parar|pare|parem [<them>]
        chega de <them>
        gostaria de nao [mais] receber [mais] [<them>]
        [eu] nao quero|desejo mais ser contatado|contatada|incomodado|incomodada
        [favor|por_favor] nao [me] enviar|mandar [mais] [<them>]
        descadastre|descadastra|descadastrar [o] meu numero|contato|telefone
        [por_favor] me tira|tire|tirem|remova|remove|retire|exclua da|dessa|desta lista
        [pode|quero|favor] cancelar [a|minha] inscricao|assinatura
        [pode|favor] [me] descadastrar|descadastre|remover|remova|retirar|retire da|desta|dessa lista
        [pode|favor] tirar|remover|excluir [o] meu numero|contato|telefone [da_lista|do_cadastro]
        tira|tire|tirem [o] meu numero|contato|telefone [da_lista|do_cadastro|dai]
    """,
    Part.BACK: """
        voltar|start|recadastrar|cadastrar
        [eu] quero|gostaria_de|desejo|pode|podem voltar|voltar_a_receber
        [eu] quero|gostaria_de|desejo|posso receber [<them>]
        [quero|gostaria_de|desejo] voltar a receber [<them>]
        [pode|podem] [voltar_a] mandar|enviar <them> [de_novo|novamente]
        [pode|podem] me mandar|enviar <them> [de_novo|novamente]
    """,
}
